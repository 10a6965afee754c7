using System.CommandLine;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary>The parameters of a code on the command line, named as in specs.</summary>
internal sealed class CodeFlags
{
    private readonly Argument<string> _name = new("NAME") { Description = "A code of the catalog." };
    private readonly Option<int> _workers = new("--workers", "-n") { Description = "Number of slots." };
    private readonly Option<int> _stragglers = new("--stragglers", "-s") { Description = "Slots that may be missing." };
    private readonly Option<ulong?> _seed = new("--seed") { Description = "Seed of the table's draw." };
    private readonly Option<int?> _blocks = new("--blocks") { Description = "Number of coordinate blocks." };
    private readonly Option<double?> _amplification = new("--max-amplification") { Description = "Refuse the code above this amplification." };
    private readonly Option<bool?> _rescale = new("--rescale") { Description = "Whether a partial sum is scaled to the whole." };

    private readonly Option<int?> _chunks = new("--chunks") { Description = "Pieces of a worker's part that others can take over." };
    private readonly Option<double?> _overhead = new("--max-overhead") { Description = "Most duplicate computations, as a share of all chunks." };
    private readonly Option<int?> _shards = new("--shards") { Description = "Shards per worker." };
    private readonly Option<int?> _depth = new("--depth") { Description = "Shards in a worker's hands." };
    private readonly Option<bool?> _duplicate = new("--duplicate") { Description = "Whether idle workers repeat what slower ones have begun." };
    private readonly Option<int?> _weight = new("--weight") { Description = "Most blocks a line mixes." };
    private readonly Option<int?> _groups = new("--groups") { Description = "Data groups, each with its own workers." };
    private readonly Option<bool?> _requests = new("--requests") { Description = "Whether idle workers compute lines of lost ones." };
    private readonly Option<bool?> _lossy = new("--lossy") { Description = "Whether lines without full rank are accepted." };
    private readonly Option<int?> _load = new("--load") { Description = "Partitions each worker computes." };
    private readonly Option<int?> _reduction = new("--reduction") { Description = "By how much messages are shorter." };
    private readonly Option<string?> _inner = new("--inner") { Description = "Inner code of grouped-linear." };
    private readonly Option<string?> _construction = new("--construction") { Description = "How a ye-abbe table is made." };
    private readonly Option<string?> _file = new("--file") { Description = "CSV or JSON file of the lines, a row of numbers per worker." };
    private readonly Option<bool?> _reissue = new("--reissue") { Description = "Whether rows of lost slots can be computed by others." };

    public void AddTo(Command command)
    {
        command.Add(_name);
        foreach (var option in (Option[])[
            _workers, _stragglers, _seed, _blocks, _amplification, _rescale, _chunks, _overhead, _shards, _depth, _duplicate, _reissue,
            _weight, _groups, _requests, _lossy, _load, _reduction, _inner, _construction, _file])
        {
            command.Add(option);
        }
    }

    public ICode<float> Create(ParseResult parsed, SidestepCatalog catalog) => Codes.Create(new CodeSpec(
        parsed.GetValue(_name)!,
        parsed.GetValue(_workers),
        parsed.GetValue(_stragglers),
        parsed.GetValue(_seed),
        parsed.GetValue(_blocks),
        parsed.GetValue(_amplification),
        parsed.GetValue(_rescale),
        parsed.GetValue(_chunks),
        parsed.GetValue(_overhead),
        parsed.GetValue(_shards),
        parsed.GetValue(_depth),
        parsed.GetValue(_duplicate),
        parsed.GetValue(_reissue),
        parsed.GetValue(_weight),
        parsed.GetValue(_groups),
        parsed.GetValue(_requests),
        parsed.GetValue(_lossy),
        parsed.GetValue(_load),
        parsed.GetValue(_reduction),
        parsed.GetValue(_inner),
        parsed.GetValue(_construction),
        parsed.GetValue(_file)), catalog);
}
