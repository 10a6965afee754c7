using System.Buffers;
using System.Numerics.Tensors;

namespace Sidestep.Training;

/// <summary>The sending end of <see cref="Feedback"/>.</summary>
/// <remarks>Rounds ascend. A repeat of the last round starts from the memory before it and replaces its message, so sending a round again changes nothing.
/// Saved: the memory after the last write, its round, and the message while it is not settled (so that a restored writer can still restore the debt).</remarks>
internal sealed class FeedbackWriter : IVectorWriter<float>, IFeedbackMemory
{
    private const string StateCode = "E_STATE_VALUE";

    private readonly int _length;
    private readonly IVectorWriter<float> _writer;
    private readonly IVectorReader<float> _reader;
    private float[] _held, _before, _spare;
    private ArrayBufferWriter<byte> _message, _draft;
    private bool _hasBefore;
    private bool _settled = true;

    public FeedbackWriter(ICompressor<float> inner, StreamKey key, int length)
    {
        _length = length;
        _writer = inner.CreateWriter(key, length);
        _reader = inner.CreateReader(key, length);
        (_held, _before, _spare) = (new float[length], new float[length], new float[length]);
        var bytes = inner.MaxBytes(length);
        (_message, _draft) = (new ArrayBufferWriter<byte>(bytes), new ArrayBufferWriter<byte>(bytes));
    }

    public ReadOnlySpan<float> Held => _held;

    public ReadOnlySpan<float> HeldBefore => _hasBefore ? _before : default;

    public long ValidAfter { get; private set; } = -1;

    public void Write(long round, ReadOnlySpan<float> vector, IBufferWriter<byte> message)
    {
        VectorChecks.Length(_length, vector.Length);
        var repeat = round == ValidAfter && _hasBefore;
        if (round <= ValidAfter && !repeat)
        {
            throw new ArgumentOutOfRangeException(
                nameof(round), round, $"the memory is valid after round {ValidAfter}; load an older state, or start a new writer, to go back");
        }

        // Until the inner compressor has accepted the values, only spare memory is written.
        TensorPrimitives.Add(repeat ? _before : _held, vector, _spare);
        _draft.ResetWrittenCount();
        _writer.Write(round, _spare, _draft);
        message.Write(_draft.WrittenSpan);
        Keep(round, repeat);
    }

    public void Settle(long round, bool used)
    {
        if (round != ValidAfter || _settled)
        {
            return;
        }

        _settled = true;
        if (!used)
        {
            _reader.Read(round, _message.WrittenSpan, _spare);
            TensorPrimitives.Add(_held, _spare, _held);
        }
    }

    public void Save(IStateWriter writer)
    {
        writer.WriteOne("valid-after", ValidAfter);
        writer.Write<float>("held", _held);
        writer.Write("unsettled", _settled ? default : _message.WrittenSpan);
    }

    public void SaveBefore(IStateWriter writer)
    {
        writer.WriteOne("valid-after", ValidAfter - 1);
        writer.Write<float>("held", _before);
        writer.Write<byte>("unsettled", default);
    }

    public void Load(IStateReader reader)
    {
        var validAfter = reader.ReadOne<long>("valid-after");
        reader.Read<float>("held", _held);
        var bad = FiniteScan.IndexOfNonFinite(_held);
        if (bad >= 0 || validAfter < -1)
        {
            throw new MalformedException(StateCode, bad >= 0
                ? $"element {bad} of a feedback memory is not finite"
                : $"a feedback memory is valid after round {validAfter}; -1 is the least");
        }

        LoadMessage(reader, validAfter);
        ValidAfter = validAfter;
        _hasBefore = false;
    }

    private void LoadMessage(IStateReader reader, long round)
    {
        var bytes = reader.Count<byte>("unsettled");
        _settled = bytes == 0;
        if (bytes > _reader.MaxBytes(_length))
        {
            throw new MalformedException(StateCode, $"an unsettled message has {bytes} bytes, at most {_reader.MaxBytes(_length)} are possible");
        }

        var message = bytes < 0 ? [] : new byte[bytes];
        reader.Read<byte>("unsettled", message);
        _message.ResetWrittenCount();
        _message.Write(message);
        if (!_settled)
        {
            _reader.Read(round, message, _spare);
        }
    }

    // e ← p − decoded, in the buffer of p; the buffer that is free takes the decoded values.
    private void Keep(long round, bool repeat)
    {
        var free = repeat ? _held : _before;
        _reader.Read(round, _draft.WrittenSpan, free);
        TensorPrimitives.Subtract(_spare, free, _spare);
        if (!repeat)
        {
            _before = _held;
        }

        (_held, _spare) = (_spare, free);
        (_message, _draft) = (_draft, _message);
        (ValidAfter, _hasBefore, _settled) = (round, true, false);
    }
}
