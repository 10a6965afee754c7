using System.ComponentModel.DataAnnotations;

namespace Sidestep.Hosting;

/// <summary>A text, to learn which character comes next: rows are windows of it, with the character behind each as label. Docs: <c>docs/text.md</c>.</summary>
/// <param name="Path">The text, plain or gzip.</param>
/// <param name="Context">Characters of a window.</param>
/// <param name="Stride">By how many characters a training window begins after the one before, at most the context; absent: the context. Test and validation windows always begin a context apart.</param>
/// <param name="Test">Share of the characters, at the text's end, that is the test set; 0: none. A validation fraction is taken from the end of the rest.</param>
/// <param name="Characters">What counts as a character: <c>unicode</c>: scalar values of UTF-8, <c>bytes</c>: bytes of any encoding.</param>
public sealed record TextDataSpec(
    string Path,
    [property: Range(1, 1_000_000)] int Context,
    [property: Range(1, 1_000_000)] int? Stride = null,
    [property: Range(0, 0.99)] double Test = 0,
    [property: AllowedValues("unicode", "bytes")] string Characters = "unicode") : DataSpec;
