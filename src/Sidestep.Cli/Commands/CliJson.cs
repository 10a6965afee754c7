using System.Text.Json.Serialization;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary>JSON documents commands print.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CodeView))]
[JsonSerializable(typeof(DecodeView))]
[JsonSerializable(typeof(IReadOnlyList<CatalogEntry>))]
[JsonSerializable(typeof(CompressionView))]
[JsonSerializable(typeof(DoctorView))]
[JsonSerializable(typeof(DemoView))]
[JsonSerializable(typeof(IReadOnlyList<WhoWinsView>))]
[JsonSerializable(typeof(IReadOnlyList<RealPointView>))]
[JsonSerializable(typeof(IReadOnlyList<TraceView>))]
[JsonSerializable(typeof(ModelView))]
[JsonSerializable(typeof(EvaluationView))]
[JsonSerializable(typeof(SimulationView))]
internal sealed partial class CliJson : JsonSerializerContext;
