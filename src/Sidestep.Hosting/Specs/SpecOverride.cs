using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sidestep.Hosting;

/// <summary>One <c>path=value</c> on top of a spec.</summary>
internal static class SpecOverride
{
    /// <summary>Applies it. Whether path and value are valid is seen when the result is checked.</summary>
    /// <param name="json">A checked spec.</param>
    /// <param name="assignment">Such as <c>code.stragglers=1</c>; a value that is no JSON is taken as text.</param>
    public static byte[] Apply(byte[] json, string assignment)
    {
        var at = assignment.IndexOf('=', StringComparison.Ordinal);
        var keys = at < 1 ? [] : assignment[..at].Trim().Split('.');
        if (keys.Length == 0 || keys.Any(k => k.Length == 0))
        {
            throw new ConfigurationException($"--set '{assignment}' has the wrong form; write path=value, such as code.stragglers=1");
        }

        var root = JsonNode.Parse(json)!.AsObject();
        var target = root;
        foreach (var key in keys[..^1])
        {
            if (!target.TryGetPropertyValue(key, out var next) || next is null)
            {
                target[key] = next = new JsonObject();
            }

            target = next as JsonObject
                ?? throw new ConfigurationException($"--set '{assignment}': '{key}' holds a single value, there is nothing inside it to set");
        }

        target[keys[^1]] = Value(assignment[(at + 1)..].Trim());
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    private static JsonNode? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text) ?? JsonValue.Create(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
