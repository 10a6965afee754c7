using System.Security.Cryptography;

namespace Sidestep;

/// <summary>States in plain files: named arrays and a SHA-256 hash behind them. A file is there whole or not at all.</summary>
/// <remarks><code>StateFile.Save("run.state", state);
/// StateFile.Load("run.state", state);</code></remarks>
public static class StateFile
{
    /// <summary>Saves a state durably, see <see cref="DurableFile"/>.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="state">What to save.</param>
    /// <returns>The SHA-256 of the state, 64 lower-case hexadecimal digits.</returns>
    /// <exception cref="OperatingSystemException">The file could not be created (73) or written (74); an older file is untouched.</exception>
    public static string Save(string path, ISnapshot state)
    {
        var hash = string.Empty;
        DurableFile.Write(path, stream => hash = Write(stream, state));
        return hash;
    }

    /// <summary>Loads a state; the whole file is verified before the first value is used.</summary>
    /// <param name="path">What <see cref="Save"/> wrote.</param>
    /// <param name="state">Loaded; unchanged if the file is damaged, unspecified if a value does not fit it.</param>
    /// <exception cref="DataException">The file is missing, cut, of another kind or version, changed, or of another state.</exception>
    public static void Load(string path, ISnapshot state)
    {
        try
        {
            state.Load(StateReader.Open(Verified(File.ReadAllBytes(path))));
        }
        catch (MalformedException e)
        {
            throw new DataException($"{path}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: {e.Message}");
        }
    }

    private static string Write(Stream stream, ISnapshot state)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        StateWriter.WriteAll(state, bytes =>
        {
            hash.AppendData(bytes);
            stream.Write(bytes);
        });
        var digest = hash.GetHashAndReset();
        stream.Write(digest);
        return Convert.ToHexStringLower(digest);
    }

    private static ReadOnlyMemory<byte> Verified(byte[] bytes)
    {
        var length = bytes.Length - SHA256.HashSizeInBytes;
        var isState = bytes.AsSpan().StartsWith(StateFormat.Magic[..Math.Min(StateFormat.Magic.Length, bytes.Length)]);
        if (length >= StateFormat.Magic.Length && isState)
        {
            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(bytes.AsSpan(0, length), digest);
            if (digest.SequenceEqual(bytes.AsSpan(length)))
            {
                return bytes.AsMemory(0, length);
            }
        }

        // Says what is wrong as plainly as the remains allow: another kind of file, a cut one, or a changed one.
        StateReader.Open(bytes.AsMemory(0, Math.Max(0, length)));
        throw new MalformedException(StateFormat.WrongHash, "the contents do not match their SHA-256 hash: the file was changed or damaged");
    }
}
