using System.Globalization;

namespace Sidestep.Training;

/// <summary>Keeps the memory of this process under a limit by giving back pages of mapped shards, which are only copies of what is in the files.</summary>
/// <remarks>Every look at a shard counts the pages it may make resident; whenever these come to <see cref="Step"/>, the process's resident memory
/// is measured, and if a further step might pass the limit, all pages of all mapped shards of the process are given back. They come back, from the
/// system's file cache, when they are read again. What is not shards cannot be given back: where all else leaves less than two steps below the
/// limit, the shards' pages are given back at every step. Safe to use from many threads.</remarks>
internal sealed class ResidentPages
{
    /// <summary>Between two looks at the process's memory.</summary>
    internal const long Step = 8 << 20;

    /// <summary>The limit where none is stated, unless the process is large already.</summary>
    internal const long DefaultLimit = 256_000_000;

    // The kernel maps this many bytes around a page that is read.
    private const long Around = 1 << 16;

    private static readonly Lock Gate = new();
    private static readonly List<WeakReference<MappedStore>> Mapped = [];

    private readonly long _limit;
    private long _counted;

    /// <summary>Creates it.</summary>
    /// <param name="limit">Most bytes resident; null: 256 MB, or 64 MB more than now if that is more.</param>
    /// <param name="name">Whose limit it is, for the message.</param>
    /// <exception cref="ConfigurationException">The process is too large for the limit already.</exception>
    internal ResidentPages(long? limit, string name)
    {
        var now = Os.ResidentBytes;
        if (limit < now + (4 * Step))
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: resident is {limit / 1_000_000.0:0.#}MB, but this process has {now / 1_000_000.0:0.#}MB before any row is read; at least {((now + (4 * Step)) / 1_000_000) + 1}MB"));
        }

        _limit = limit ?? Math.Max(DefaultLimit, now + (8 * Step));
    }

    /// <summary>Tells of a file that was mapped.</summary>
    internal static void Add(MappedStore store)
    {
        lock (Gate)
        {
            Mapped.RemoveAll(m => !m.TryGetTarget(out _));
            Mapped.Add(new WeakReference<MappedStore>(store));
        }
    }

    /// <summary>Counts bytes that are about to be read, and makes room if they might not fit.</summary>
    internal void Count(long bytes)
    {
        var counted = Interlocked.Add(ref _counted, (bytes + (2 * Around) - 1) & -Around);
        if (counted < Step)
        {
            return;
        }

        Interlocked.Exchange(ref _counted, 0);
        if (Os.ResidentBytes > _limit - (2 * Step))
        {
            ReleaseAll();
        }
    }

    /// <summary>Gives back the pages of all mapped shards of this process.</summary>
    internal static void ReleaseAll()
    {
        lock (Gate)
        {
            foreach (var mapped in Mapped)
            {
                if (mapped.TryGetTarget(out var store))
                {
                    store.Release();
                }
            }
        }
    }
}
