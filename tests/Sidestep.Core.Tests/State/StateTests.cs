using System.Buffers;

namespace Sidestep.Tests;

public sealed class StateTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sidestep-state-");

    private string File1 => Path.Combine(_directory.FullName, "a.state");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void File_saved_and_loaded_gives_the_same_state()
    {
        var hash = StateFile.Save(File1, Sample.Make());
        var loaded = new Sample();
        StateFile.Load(File1, loaded);
        loaded.AssertEqual(Sample.Make());
        Assert.Equal(64, hash.Length);
        Assert.Equal([File1], Directory.GetFiles(_directory.FullName));
    }

    [Fact]
    public void File_saved_again_replaces_the_old_one()
    {
        var first = StateFile.Save(File1, Sample.Make());
        var changed = Sample.Make();
        changed.Model[1] = 7;
        Assert.NotEqual(first, StateFile.Save(File1, changed));
        Assert.Equal(first, StateFile.Save(File1, Sample.Make()));
    }

    [Fact]
    public void File_any_flipped_bit_is_detected()
    {
        StateFile.Save(File1, Sample.Make());
        var bytes = File.ReadAllBytes(File1);
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(File1, bytes);
            var state = new Sample();
            Assert.Throws<DataException>(() => StateFile.Load(File1, state));
            state.AssertEqual(new Sample());
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void File_cut_anywhere_is_detected()
    {
        StateFile.Save(File1, Sample.Make());
        var bytes = File.ReadAllBytes(File1);
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(File1, bytes[..length]);
            var error = Assert.Throws<DataException>(() => StateFile.Load(File1, new Sample()));
            Assert.Contains(File1, error.Message, StringComparison.Ordinal);
        }

        File.WriteAllBytes(File1, [.. bytes, 0]);
        Assert.Throws<DataException>(() => StateFile.Load(File1, new Sample()));
    }

    [Fact]
    public void File_errors_say_what_is_wrong()
    {
        StateFile.Save(File1, Sample.Make());
        var bytes = File.ReadAllBytes(File1);
        Assert.Contains("too early", Message([.. bytes[..^40]]), StringComparison.Ordinal);
        Assert.Contains("not a Sidestep state", Message([.. "PK"u8, .. bytes[2..]]), StringComparison.Ordinal);
        Assert.Contains("version 2", Message([.. bytes[..7], (byte)'2', .. bytes[8..]]), StringComparison.Ordinal);
        Assert.Contains("SHA-256", Message([.. bytes[..^1], (byte)(bytes[^1] ^ 1)]), StringComparison.Ordinal);
        Assert.Throws<DataException>(() => StateFile.Load(File1 + ".missing", new Sample()));

        string Message(byte[] contents)
        {
            File.WriteAllBytes(File1, contents);
            return Assert.Throws<DataException>(() => StateFile.Load(File1, new Sample())).Message;
        }
    }

    [Fact]
    public void File_in_a_missing_directory_is_an_operating_system_error()
    {
        var error = Assert.Throws<OperatingSystemException>(
            () => StateFile.Save(Path.Combine(_directory.FullName, "no", "a.state"), Sample.Make()));
        Assert.Equal(73, error.ExitCode);
    }

    [Fact]
    public void File_that_could_not_be_saved_leaves_nothing_behind()
    {
        StateFile.Save(File1, Sample.Make());
        var before = File.ReadAllBytes(File1);
        Assert.Throws<InvalidOperationException>(() => StateFile.Save(File1, new Broken()));
        Assert.Equal([File1], Directory.GetFiles(_directory.FullName));
        Assert.Equal(before, File.ReadAllBytes(File1));
    }

    [Fact]
    public void Bytes_written_and_read_give_the_same_state()
    {
        var loaded = new Sample();
        StateBytes.Read(Bytes(Sample.Make()), loaded);
        loaded.AssertEqual(Sample.Make());
    }

    [Fact]
    public void Bytes_hostile_never_escape_as_another_exception()
    {
        var good = Bytes(Sample.Make());
        var rng = new Rng(11, Purpose.Test, 0, 0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = good[..(rng.Next(4) == 0 ? rng.Next(good.Length + 1) : good.Length)];
            for (var edits = rng.Next(4); edits >= 0 && bytes.Length > 0; edits--)
            {
                bytes[rng.Next(bytes.Length)] = rng.Next(2) == 0 ? (byte)255 : (byte)rng.NextUInt32();
            }

            try
            {
                StateBytes.Read(bytes, new Sample());
            }
            catch (MalformedException)
            {
                // The only exception there may be.
            }
        }
    }

    [Fact]
    public void Bytes_claiming_billions_of_elements_allocate_little()
    {
        var bytes = Bytes(new One<float>("x", new float[1]));
        bytes[^10] = bytes[^9] = 0xFF;
        bytes[^8] = 0xFF;
        bytes[^7] = 0x7F;
        Assert.Throws<MalformedException>(() => StateBytes.Read(bytes, new One<float>("x", new float[1])));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<MalformedException>(() => StateBytes.Read(bytes, new One<float>("x", new float[1])));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
    }

    [Fact]
    public void Reader_other_type_length_or_name_is_refused()
    {
        var bytes = Bytes(new One<float>("x", new float[2]));
        Assert.Equal("E_STATE_TYPE", Refused(new One<int>("x", new int[2])));
        Assert.Equal("E_STATE_LENGTH", Refused(new One<float>("x", new float[3])));
        Assert.Equal("E_STATE_NAME", Refused(new One<float>("y", new float[2])));

        string Refused(ISnapshot state) => Assert.Throws<MalformedException>(() => StateBytes.Read(bytes, state)).Code;
    }

    [Fact]
    public void Reader_truth_value_of_two_is_refused()
    {
        var bytes = Bytes(new One<bool>("x", [true]));
        bytes[^3] = 2;
        Assert.Throws<MalformedException>(() => StateBytes.Read(bytes, new One<bool>("x", new bool[1])));
    }

    [Fact]
    public void Writer_name_written_twice_is_refused() =>
        Assert.Throws<ArgumentException>(() => Bytes(new Twice()));

    private static byte[] Bytes(ISnapshot state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        StateBytes.Write(state, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private sealed class One<T>(string name, T[] values) : ISnapshot
        where T : unmanaged
    {
        public void Save(IStateWriter writer) => writer.Write<T>(name, values);

        public void Load(IStateReader reader) => reader.Read<T>(name, values);
    }

    private sealed class Twice : ISnapshot
    {
        public void Save(IStateWriter writer)
        {
            writer.Within("a").WriteOne("b", 1);
            writer.WriteOne("a/b", 1);
        }

        public void Load(IStateReader reader)
        {
        }
    }

    private sealed class Broken : ISnapshot
    {
        public void Save(IStateWriter writer) => throw new InvalidOperationException();

        public void Load(IStateReader reader)
        {
        }
    }
}
