using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sidestep.Coding;
using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>A scheme: a code, and the strategy that runs it.</summary>
/// <param name="Code">The code.</param>
/// <param name="Strategy">The strategy.</param>
public sealed record Scheme(CodeSpec Code, StrategySpec Strategy)
{
    /// <summary>As <see cref="SchemeText.Parse"/> reads it.</summary>
    public override string ToString() => SchemeText.Format(this);
}

/// <summary>Schemes in flags: <c>uncoded,fractional-repetition(2),drop-slowest(stragglers=2,rescale=true)</c>, or <c>all</c>.</summary>
public static class SchemeText
{
    private const string Form = "CODE, CODE(STRAGGLERS) or CODE(key=value,…), with +STRATEGY or +STRATEGY(key=value,…) behind it if it is not coded-descent";
    private const int MostStragglers = 3;
    private const int UsualChunks = 4;

    /// <summary>Reads a list of schemes.</summary>
    /// <param name="text">The list; <c>all</c>: every code of the catalog that has this number of workers, with 1 to 3 stragglers.</param>
    /// <param name="workers">Number of slots.</param>
    /// <param name="catalog">What names mean; absent: what is built in.</param>
    /// <exception cref="ConfigurationException">A piece is not a scheme; names it and the nearest valid choice.</exception>
    public static IReadOnlyList<Scheme> Parse(string text, int workers, SidestepCatalog? catalog = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        catalog ??= SidestepCatalog.BuiltIn;
        if (text.Trim() == "all")
        {
            return [.. All(workers, catalog)];
        }

        var schemes = new List<Scheme>();
        foreach (var piece in Pieces(text, ','))
        {
            var halves = Pieces(piece, '+').ToArray();
            var scheme = halves.Length is 1 or 2 && halves[0].Length > 0
                ? new Scheme(Code(halves[0], workers), halves.Length == 2 ? Strategy(halves[1]) : new StrategySpec())
                : throw new ConfigurationException($"'{piece}' is not a scheme; write {Form}");

            // What does not exist is said now, not in the middle of the table.
            _ = Codes.Create(scheme.Code, catalog);
            _ = Strategies.Of(scheme.Strategy, catalog);
            schemes.Add(scheme);
        }

        return schemes;
    }

    /// <summary>Writes a scheme; the number of workers is not part of the text.</summary>
    /// <param name="scheme">The scheme.</param>
    public static string Format(Scheme scheme)
    {
        ArgumentNullException.ThrowIfNull(scheme);
        var code = JsonSerializer.SerializeToNode(scheme.Code, SpecJson.Default.CodeSpec)!.AsObject();
        code.Remove("workers");
        if (scheme.Code.Stragglers == 0)
        {
            code.Remove("stragglers");
        }

        var text = Format(code, "stragglers");
        return scheme.Strategy == new StrategySpec()
            ? text
            : $"{text}+{Format(JsonSerializer.SerializeToNode(scheme.Strategy, SpecJson.Default.StrategySpec)!.AsObject(), string.Empty)}";
    }

    private static IEnumerable<Scheme> All(int workers, SidestepCatalog catalog)
    {
        foreach (var entry in catalog.Codes)
        {
            foreach (var code in Variants(entry, workers))
            {
                if (Exists(code, catalog))
                {
                    yield return new Scheme(code, new StrategySpec());
                }
            }
        }
    }

    private static IEnumerable<CodeSpec> Variants(CodeEntry entry, int workers)
    {
        var plain = new CodeSpec(entry.Name, workers);
        // Derivative codes are exact without being told how many may be missing.
        if (entry.Parameters.Contains("stragglers", StringComparison.Ordinal) && !entry.Parameters.Contains("blocks", StringComparison.Ordinal))
        {
            return Enumerable.Range(1, MostStragglers).Select(s => plain with { Stragglers = s });
        }

        return entry.Parameters.Contains("chunks", StringComparison.Ordinal) ? [plain, plain with { Chunks = UsualChunks }] : [plain];
    }

    private static bool Exists(CodeSpec code, SidestepCatalog catalog)
    {
        try
        {
            return Codes.Create(code, catalog).Table.Workers == code.Workers;
        }
        catch (ConfigurationException)
        {
            return false;
        }
    }

    private static CodeSpec Code(string text, int workers)
    {
        var json = Object(text, "stragglers");
        json["workers"] = workers;
        return Read(json, text, SpecJson.Default.CodeSpec);
    }

    private static StrategySpec Strategy(string text) => Read(Object(text, string.Empty), text, SpecJson.Default.StrategySpec);

    private static T Read<T>(JsonObject json, string text, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        var bytes = Encoding.UTF8.GetBytes(json.ToJsonString());
        new SpecCheck($"the scheme '{text}'", SidestepCatalog.BuiltIn.Own, Lines: false) { Whole = "it" }.Check(bytes, type);
        return JsonSerializer.Deserialize(bytes, type)!;
    }

    // NAME(2) gives the first parameter its value, NAME(key=value,…) any.
    private static JsonObject Object(string text, string first)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            return new JsonObject { ["name"] = text };
        }

        var json = new JsonObject { ["name"] = text[..open].Trim() };
        var inside = text[^1] == ')' ? text[(open + 1)..^1] : throw new ConfigurationException($"'{text}' does not end with ')'; write {Form}");
        foreach (var piece in Pieces(inside, ','))
        {
            var equals = piece.IndexOf('=', StringComparison.Ordinal);
            var (key, value) = equals < 0 ? (first, piece) : (piece[..equals].Trim(), piece[(equals + 1)..].Trim());
            if (key.Length == 0 || json.ContainsKey(key) || value.Length == 0)
            {
                throw new ConfigurationException($"'{piece}' in the scheme '{text}' has the wrong form; write {Form}");
            }

            json[key] = Value(value);
        }

        return json;
    }

    private static JsonNode Value(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? JsonValue.Create(whole)
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number)
        : bool.TryParse(text, out var truth) ? JsonValue.Create(truth)
        : JsonValue.Create(text);

    private static string Format(JsonObject json, string first)
    {
        var name = (string)json["name"]!;
        string[] values = [.. json.Where(p => p.Key != "name").Select(p => p.Key == first ? p.Value!.ToJsonString() : $"{p.Key}={p.Value!.ToJsonString().Trim('"')}")];
        return values.Length == 0 ? name : $"{name}({string.Join(',', values)})";
    }

    // Pieces at a separator outside brackets.
    private static IEnumerable<string> Pieces(string text, char separator)
    {
        int depth = 0, start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (text[i] == separator && depth == 0)
            {
                yield return text[start..i].Trim();
                start = i + 1;
            }
        }

        yield return text[start..].Trim();
    }
}
