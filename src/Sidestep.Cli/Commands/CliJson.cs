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
[JsonSerializable(typeof(ImportView))]
[JsonSerializable(typeof(VerifyView))]
[JsonSerializable(typeof(DataView))]
[JsonSerializable(typeof(DemoView))]
[JsonSerializable(typeof(ModelView))]
[JsonSerializable(typeof(EvaluationView))]
[JsonSerializable(typeof(SimulationView))]
[JsonSerializable(typeof(ObjectiveReport))]
[JsonSerializable(typeof(IReadOnlyList<WhoWinsView>))]
[JsonSerializable(typeof(IReadOnlyList<RealPointView>))]
[JsonSerializable(typeof(IReadOnlyList<TraceView>))]
internal sealed partial class CliJson : JsonSerializerContext;
