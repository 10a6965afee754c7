using System.Text;
using System.Text.Json;

namespace Sidestep.Hosting;

/// <summary>The short form of an objective that is another program: <c>{ "exec": […] }</c> stands for <c>{ "kind": "exec", "command": […] }</c>.</summary>
internal static class ExecShorthand
{
    /// <summary>Writes it out. Only the key changes, so that line numbers stay what the author sees; text that is no spec is left as it is.</summary>
    /// <param name="json">A spec, checked or not.</param>
    public static byte[] Expand(byte[] json)
    {
        try
        {
            return Find(json) is var (at, length) && at >= 0
                ? [.. json.AsSpan(0, at), .. "\"kind\": \"exec\", \"command\""u8, .. json.AsSpan(at + length)]
                : json;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // What is wrong with the text is said by the check.
            return json;
        }
    }

    // The key "exec" of an objective that has no kind: its place and length.
    private static (int At, int Length) Find(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        var found = (At: -1, Length: 0);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return found;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isObjective = reader.ValueTextEquals("objective"u8);
            reader.Read();
            if (!isObjective || reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("kind"u8))
                {
                    return (-1, 0);
                }

                found = reader.ValueTextEquals("exec"u8) ? ((int)reader.TokenStartIndex, Encoding.UTF8.GetByteCount("\"exec\"")) : found;
                reader.Read();
                reader.Skip();
            }
        }

        return found;
    }
}
