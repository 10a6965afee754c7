using System.Globalization;

namespace Sidestep.Hosting;

/// <summary>Judges workers whose objective failed: they come back after a growing pause, until they have failed so often in a row that it makes no sense.</summary>
/// <remarks>Any thread. A row of failures ends with a share that arrives. A slot that is given up stays away; when more slots are given up than the code can
/// miss, the run is drained: its state is saved.</remarks>
/// <param name="slots">Number of slots.</param>
/// <param name="mayMiss">Slots that may be missing.</param>
/// <param name="respawn">Pause after a death; null: the dead do not come back.</param>
/// <param name="end">Drains the run.</param>
internal sealed class FaultLedger(int slots, int mayMiss, TimeSpan? respawn, Action end)
{
    /// <summary>Failures in a row after which a slot is given up.</summary>
    public const int MostInRow = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly int[] _inRow = new int[slots];
    private readonly long[] _all = new long[slots];
    private readonly string[] _last = new string[slots];
    private readonly bool[] _givenUp = new bool[slots];

    /// <summary>Why the run was ended; empty: it was not.</summary>
    public string Ending { get; private set; } = string.Empty;

    /// <summary>What failed so far; null: nothing.</summary>
    public IReadOnlyList<FaultResult>? Results()
    {
        lock (_gate)
        {
            return _all.Sum() == 0
                ? null
                : [.. Enumerable.Range(0, _all.Length).Where(s => _all[s] > 0).Select(s => new FaultResult(s, _all[s], _givenUp[s], _last[s]))];
        }
    }

    /// <summary>Takes an event: a share says that the slot works.</summary>
    public void Hear(in RunEvent happened)
    {
        if (happened.Phase == Phase.Share && (uint)happened.Slot < (uint)_inRow.Length)
        {
            lock (_gate)
            {
                _inRow[happened.Slot] = 0;
            }
        }
    }

    /// <summary>A slot failed: the pause until its next session, or null.</summary>
    public TimeSpan? Judge(int slot, string reason)
    {
        lock (_gate)
        {
            _all[slot]++;
            _last[slot] = reason;
            _inRow[slot]++;
            if (_inRow[slot] < MostInRow && respawn is { } pause)
            {
                var backOff = FirstPause * (1 << (_inRow[slot] - 1));
                return pause > backOff ? pause : backOff;
            }

            _givenUp[slot] = true;
            var gone = _givenUp.Count(g => g);
            if (gone <= mayMiss || Ending.Length > 0)
            {
                return null;
            }

            Ending = string.Create(
                CultureInfo.InvariantCulture,
                $"the objective of slot {slot} failed {(respawn is null ? "and may not come back" : $"{MostInRow} times in a row")}; {gone} slots are given up, the code can miss {mayMiss}. {reason}");
        }

        end();
        return null;
    }
}
