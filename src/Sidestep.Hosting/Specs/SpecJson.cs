using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sidestep.Hosting;

/// <summary>Reading and writing of specs; what a spec may hold is what these types hold.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Strict,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(RunSpec))]
[JsonSerializable(typeof(DataSpec))]
[JsonSerializable(typeof(ObjectiveSpec))]
[JsonSerializable(typeof(OptimizerSpec))]
internal sealed partial class SpecJson : JsonSerializerContext;
