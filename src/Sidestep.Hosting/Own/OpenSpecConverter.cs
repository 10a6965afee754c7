using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Sidestep.Hosting;

/// <summary>Reads and writes a part of a spec whose kinds are open: a kind that is not built in is kept as its name and its further keys.</summary>
/// <remarks>Whether a program knows the kind is not asked here: results of other programs' runs stay readable. <see cref="SpecCheck"/> asks it.</remarks>
/// <typeparam name="T">The part.</typeparam>
internal abstract class OpenSpecConverter<T> : JsonConverter<T>
    where T : class
{
    protected abstract JsonTypeInfo<T> BuiltIn { get; }

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var node = JsonNode.Parse(ref reader) as JsonObject ?? throw new JsonException("a part of a spec must be an object");
        var polymorphism = BuiltIn.PolymorphismOptions!;
        var key = polymorphism.TypeDiscriminatorPropertyName;
        if (node[key] is not JsonValue value || !value.TryGetValue<string>(out var kind))
        {
            throw new JsonException($"the key '{key}' is missing");
        }

        if (polymorphism.DerivedTypes.Any(d => kind.Equals(d.TypeDiscriminator)))
        {
            return node.Deserialize(BuiltIn)!;
        }

        // The order of keys must not matter to the spec's hash.
        var further = new JsonObject(node.Where(p => p.Key != key).OrderBy(p => p.Key, StringComparer.Ordinal)
            .Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
        using var document = JsonDocument.Parse(further.ToJsonString());
        return Own(kind, document.RootElement.Clone());
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        if (IsOwn(value, out var kind, out var further))
        {
            writer.WriteStartObject();
            writer.WriteString(BuiltIn.PolymorphismOptions!.TypeDiscriminatorPropertyName, kind);
            foreach (var property in further.EnumerateObject())
            {
                property.WriteTo(writer);
            }

            writer.WriteEndObject();
            return;
        }

        JsonSerializer.Serialize(writer, value, BuiltIn);
    }

    protected abstract T Own(string kind, JsonElement parameters);

    protected abstract bool IsOwn(T value, out string kind, out JsonElement parameters);
}

/// <summary>Objectives.</summary>
internal sealed class ObjectiveSpecConverter : OpenSpecConverter<ObjectiveSpec>
{
    protected override JsonTypeInfo<ObjectiveSpec> BuiltIn => SpecJson.Default.ObjectiveSpec;

    protected override ObjectiveSpec Own(string kind, JsonElement parameters) => new OwnObjectiveSpec(kind, parameters);

    protected override bool IsOwn(ObjectiveSpec value, out string kind, out JsonElement parameters)
    {
        (kind, parameters) = value is OwnObjectiveSpec own ? (own.Kind, own.Parameters) : (string.Empty, default);
        return value is OwnObjectiveSpec;
    }
}

/// <summary>Data.</summary>
internal sealed class DataSpecConverter : OpenSpecConverter<DataSpec>
{
    protected override JsonTypeInfo<DataSpec> BuiltIn => SpecJson.Default.DataSpec;

    protected override DataSpec Own(string kind, JsonElement parameters) => new OwnDataSpec(kind, parameters);

    protected override bool IsOwn(DataSpec value, out string kind, out JsonElement parameters)
    {
        (kind, parameters) = value is OwnDataSpec own ? (own.Kind, own.Parameters) : (string.Empty, default);
        return value is OwnDataSpec;
    }
}

/// <summary>Optimizers.</summary>
internal sealed class OptimizerSpecConverter : OpenSpecConverter<OptimizerSpec>
{
    protected override JsonTypeInfo<OptimizerSpec> BuiltIn => SpecJson.Default.OptimizerSpec;

    protected override OptimizerSpec Own(string kind, JsonElement parameters) => new OwnOptimizerSpec(kind, parameters);

    protected override bool IsOwn(OptimizerSpec value, out string kind, out JsonElement parameters)
    {
        (kind, parameters) = value is OwnOptimizerSpec own ? (own.Name, own.Parameters) : (string.Empty, default);
        return value is OwnOptimizerSpec;
    }
}
