using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Sidestep.Hosting;

/// <summary>The training set and the test set. File names may begin with <c>${data}</c>; others are relative to the spec.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(IdxDataSpec), "idx")]
[JsonDerivedType(typeof(LibsvmDataSpec), "libsvm")]
[JsonDerivedType(typeof(CsvDataSpec), "csv")]
[JsonDerivedType(typeof(MixtureDataSpec), "gaussian-mixture")]
[JsonDerivedType(typeof(DigitsDataSpec), "digit-pictures")]
[JsonDerivedType(typeof(ShardsDataSpec), "shards")]
[JsonDerivedType(typeof(TextDataSpec), "text")]
public abstract record DataSpec;

/// <summary>Pictures and labels in IDX files, the MNIST format.</summary>
/// <param name="Images">The training pictures.</param>
/// <param name="Labels">The training labels.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="Test">The test set.</param>
public sealed record IdxDataSpec(
    string Images, string Labels, [property: Range(2, 65536)] int Classes, IdxTestSpec? Test = null) : DataSpec;

/// <summary>A test set in IDX files.</summary>
/// <param name="Images">The test pictures.</param>
/// <param name="Labels">The test labels.</param>
public sealed record IdxTestSpec(string Images, string Labels);

/// <summary>Sparse rows as text, the LIBSVM format.</summary>
/// <param name="File">The training rows.</param>
/// <param name="Features">The dimension, which files do not tell.</param>
/// <param name="Classes">Number of classes; 0: regression.</param>
/// <param name="Test">The file of test rows.</param>
public sealed record LibsvmDataSpec(
    string File,
    [property: Range(1, 100_000_000)] int Features,
    [property: Range(0, 65536)] int Classes,
    string? Test = null) : DataSpec;

/// <summary>A table of numbers as text.</summary>
/// <param name="File">The training rows.</param>
/// <param name="Classes">Number of classes; 0: regression.</param>
/// <param name="Header">Whether the first row holds column names.</param>
/// <param name="Label">The label's column, by name or number from 0; empty: the last.</param>
/// <param name="Drop">Columns to leave out.</param>
/// <param name="LabelNames">The words labels are, class 0 first; absent: labels are numbers.</param>
/// <param name="Test">The file of test rows.</param>
public sealed record CsvDataSpec(
    string File,
    [property: Range(0, 65536)] int Classes,
    bool Header = false,
    string Label = "",
    ImmutableArray<string>? Drop = null,
    ImmutableArray<string>? LabelNames = null,
    string? Test = null) : DataSpec;

/// <summary>Generated Gaussian clouds, one a class.</summary>
/// <param name="Count">Training rows.</param>
/// <param name="Features">Features per row.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="Separation">Distance of a class centre from the origin, in standard deviations.</param>
/// <param name="Seed">The seed of the rows.</param>
/// <param name="TestCount">Test rows; 0: none.</param>
public sealed record MixtureDataSpec(
    [property: Range(1, int.MaxValue)] int Count,
    [property: Range(1, 1_000_000)] int Features,
    [property: Range(2, 65536)] int Classes,
    [property: Range(0, 1000)] double Separation = 2,
    ulong Seed = 1,
    [property: Range(0, int.MaxValue)] int TestCount = 0) : DataSpec;

/// <summary>Generated pictures of digits.</summary>
/// <param name="Count">Training pictures.</param>
/// <param name="Side">Width and height in pixels.</param>
/// <param name="Seed">The seed of the pictures.</param>
/// <param name="TestCount">Test pictures; 0: none.</param>
public sealed record DigitsDataSpec(
    [property: Range(1, int.MaxValue)] int Count,
    [property: Range(8, 256)] int Side = 28,
    ulong Seed = 1,
    [property: Range(0, int.MaxValue)] int TestCount = 0) : DataSpec;
