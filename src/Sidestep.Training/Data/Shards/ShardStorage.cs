using System.Globalization;

namespace Sidestep.Training;

/// <summary>The rows of an imported data set: mapped shards.</summary>
internal sealed class ShardStorage : RowStorage
{
    // Small enough that a copy of one piece hardly moves the process's memory.
    private const int Window = 4 << 20;

    private readonly ShardManifest _manifest;
    private readonly RowPiece[] _pieces;
    private readonly long[] _firstRows;

    private ShardStorage(ShardManifest manifest, RowPiece[] pieces)
    {
        (_manifest, _pieces) = (manifest, pieces);
        _firstRows = [.. pieces.Select(p => p.First)];
    }

    internal override RowFormat Format => _manifest.RowFormat;

    internal override long Count => _manifest.Rows;

    internal override int Features => _manifest.Features;

    internal override int Classes => _manifest.Classes;

    internal override string Fingerprint => _manifest.Fingerprint;

    internal override int LargestView => Window;

    /// <summary>Opens the shards of a folder; their headers are read, no rows.</summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="signs">Whether two classes are to be read as −1 and +1.</param>
    /// <param name="resident">Most bytes this process may have resident; null: the default.</param>
    /// <exception cref="DataException">A shard is missing, cut off, damaged, or of another data set.</exception>
    /// <exception cref="ConfigurationException">The process is too large for the limit already.</exception>
    internal static ShardStorage Open(string folder, ShardManifest manifest, bool signs, long? resident)
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new ConfigurationException($"{folder}: shards are little-endian, and this machine is not; use a data kind that is decoded, such as csv");
        }

        var pages = new ResidentPages(resident, folder);
        var pieces = new RowPiece[manifest.Shards.Length];
        long row = 0;
        for (var index = 0; index < pieces.Length; index++)
        {
            var shard = ShardFile.Open(folder, manifest, index, row, pages);
            var header = shard.Header;
            pieces[index] = new RowPiece(shard, row, header.Rows, ShardHeader.Size, header.LabelsOffset, header.StartsOffset, signs);
            row += header.Rows;
        }

        return new ShardStorage(manifest, pieces);
    }

    internal override RowPiece Piece(long row)
    {
        var found = Array.BinarySearch(_firstRows, row);
        return _pieces[found >= 0 ? found : ~found - 1];
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_manifest.Name}: {_pieces.Length} shards");
}
