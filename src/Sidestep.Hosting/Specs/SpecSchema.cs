using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace Sidestep.Hosting;

/// <summary>The JSON schema of specs, made from the types that read them; published as <c>docs/spec.schema.json</c>.</summary>
public static class SpecSchema
{
    /// <summary>Makes the schema.</summary>
    /// <returns>The schema as indented JSON with a final newline.</returns>
    public static string Create()
    {
        var options = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Refine };
        var body = SpecJson.Default.RunSpec.GetJsonSchemaAsNode(options).AsObject();
        var root = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Sidestep run spec, version 1",
        };
        foreach (var (key, value) in body)
        {
            root[key] = value?.DeepClone();
        }

        AllowShortForm(root["properties"]!["objective"]!.AsObject());
        return root.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n";
    }

    // { "exec": […] } stands for { "kind": "exec", "command": […] }: the key kind is needed by every form but this one.
    private static void AllowShortForm(JsonObject objective)
    {
        var forms = objective["anyOf"]!.AsArray();
        objective.Remove("required");
        foreach (var form in forms)
        {
            form!["required"] = new JsonArray([JsonValue.Create("kind"), .. form["required"]?.AsArray().Select(r => r!.DeepClone()) ?? []]);
        }

        var shorter = forms.First(f => (string?)f!["properties"]!["kind"]!["const"] == "exec")!.DeepClone();
        shorter["required"] = new JsonArray(JsonValue.Create("exec"));
        var keys = shorter["properties"]!.AsObject();
        keys.Remove("kind");
        keys.Insert(0, "exec", keys["command"]!.DeepClone());
        keys.Remove("command");
        forms.Add(shorter);
    }

    private static JsonNode Refine(JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is not JsonObject schema)
        {
            return node;
        }

        var property = context.PropertyInfo;
        WithoutNull(schema);
        if (property is not null && context.TypeInfo.Kind == JsonTypeInfoKind.None)
        {
            Limit(schema, property);
            if (Names(context) is { } names)
            {
                schema["enum"] = new JsonArray([.. names.Select(n => JsonValue.Create(n))]);
            }
        }

        return schema;
    }

    // A key without a value is left out, never null.
    private static void WithoutNull(JsonObject schema)
    {
        if (schema["type"] is JsonArray types)
        {
            var rest = types.Select(t => t!.GetValue<string>()).Where(t => t != "null").ToArray();
            schema["type"] = rest.Length == 1 ? rest[0] : new JsonArray([.. rest.Select(t => JsonValue.Create(t))]);
        }

        if (schema.TryGetPropertyValue("default", out var value) && value is null)
        {
            schema.Remove("default");
        }
    }

    private static void Limit(JsonObject schema, JsonPropertyInfo property)
    {
        if (SpecLimits.Of<RangeAttribute>(property) is { } range)
        {
            schema["minimum"] = Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture);
            schema["maximum"] = Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture);
        }

        if (SpecLimits.Of<AllowedValuesAttribute>(property) is { } allowed)
        {
            schema["enum"] = new JsonArray([.. allowed.Values.Select(v => JsonValue.Create((string)v!))]);
        }
    }

    private static IEnumerable<string>? Names(JsonSchemaExporterContext context) => context.PropertyInfo switch
    {
        { Name: "name", DeclaringType: var type } when type == typeof(CodeSpec) => SidestepCatalog.BuiltIn.Of("codes").Select(e => e.Name),
        { Name: "name", DeclaringType: var type } when type == typeof(StrategySpec) => SidestepCatalog.BuiltIn.Of("strategies").Select(e => e.Name),
        { Name: "mixer", DeclaringType: var type } when type == typeof(RunSpec) => SidestepCatalog.BuiltIn.Of("mixers").Select(e => e.Name),
        _ => null,
    };
}
