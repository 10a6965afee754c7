using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Sidestep.Runtime;

/// <summary>The two sides of the handshake: hello, challenge, proof, welcome, ready. Both sides prove the secret before either believes the other.</summary>
internal static class Handshake
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);

    // How often a worker asks for the time, and how often a listener answers.
    private const int ClockQuestions = 8, MostQuestions = 64;

    /// <summary>The dialler's side.</summary>
    /// <exception cref="JoinRefusedException">The other end refuses, or does not know the secret.</exception>
    public static Welcome Dial(Socket socket, Identity identity, int slot, int listener, int port)
    {
        using var channel = new HandshakeChannel(socket, Deadline);
        var hello = new Hello(slot, listener, port, Identity.Nonce(), identity.SpecHash, identity.NumericClass);
        var bytes = hello.Write();
        channel.Send(FrameType.Hello, bytes);
        var challenge = channel.Receive(FrameType.Challenge);
        if (challenge.Length != Identity.NonceBytes + Identity.ProofBytes
            || !CryptographicOperations.FixedTimeEquals(
                challenge.AsSpan(Identity.NonceBytes),
                identity.Prove("listener", hello.Nonce, challenge.AsSpan(0, Identity.NonceBytes), bytes)))
        {
            throw new JoinRefusedException(RejectCode.Authentication, "the other end does not know this run's secret: it is another run's, or the secret was mistyped");
        }

        var welcome = Ask(channel, FrameType.Proof, identity.Prove("dialler", hello.Nonce, challenge.AsSpan(0, Identity.NonceBytes), bytes));
        for (var i = 0; i < ClockQuestions && listener == Slots.Coordinator; i++)
        {
            // The shortest way tells the time best.
            var again = Ask(channel, FrameType.Ready, [1]);
            welcome = again.Came.Way < welcome.Came.Way ? again : welcome;
        }

        channel.Send(FrameType.Ready, []);
        return welcome;
    }

    private static Welcome Ask(HandshakeChannel channel, FrameType type, ReadOnlySpan<byte> payload)
    {
        var said = Stopwatch.GetTimestamp();
        channel.Send(type, payload);
        var bytes = channel.Receive(FrameType.Welcome);
        var came = Stopwatch.GetTimestamp();
        var welcome = Welcome.Read(bytes) ?? throw new JoinRefusedException(RejectCode.Hello, "the welcome cannot be read");
        return welcome with { Came = (came, Stopwatch.GetElapsedTime(said, came) / 2) };
    }

    /// <summary>The listener's side, up to the proof; then the admission decides.</summary>
    /// <param name="socket">The accepted connection.</param>
    /// <param name="identity">What must agree.</param>
    /// <param name="elapsed">Time since the run's start.</param>
    /// <param name="admit">Judges an authenticated hello: a welcome, or a refusal.</param>
    /// <returns>The hello of an admitted dialler that is ready; null: refused, with the reason.</returns>
    public static (Hello? Hello, RejectCode Code) Answer(
        Socket socket, Identity identity, Func<TimeSpan> elapsed, Func<Hello, (Welcome? Welcome, RejectCode Code, string Sentence)> admit)
    {
        using var channel = new HandshakeChannel(socket, Deadline);
        var bytes = channel.Receive(FrameType.Hello);
        var (hello, unreadable) = Hello.Read(bytes);
        if (hello is null)
        {
            return (null, unreadable);
        }

        var nonce = Identity.Nonce();
        channel.Send(FrameType.Challenge, [.. nonce, .. identity.Prove("listener", hello.Nonce, nonce, bytes)]);
        var proof = channel.Receive(FrameType.Proof);
        if (!CryptographicOperations.FixedTimeEquals(proof, identity.Prove("dialler", hello.Nonce, nonce, bytes)))
        {
            return (null, RejectCode.Authentication);
        }

        var (welcome, code, sentence) = Disagreement(identity, hello) ?? admit(hello);
        if (welcome is null)
        {
            channel.Refuse(code, sentence);
            return (null, code);
        }

        for (var i = 0; i <= MostQuestions; i++)
        {
            channel.Send(FrameType.Welcome, (welcome with { Elapsed = elapsed() }).Write());
            if (channel.Receive(FrameType.Ready).Length == 0)
            {
                return (hello, RejectCode.None);
            }
        }

        return (null, RejectCode.State);
    }

    private static (Welcome? Welcome, RejectCode Code, string Sentence)? Disagreement(Identity identity, Hello hello)
    {
        if (hello.SpecHash != identity.SpecHash)
        {
            return (null, RejectCode.Mismatch, $"spec hashes differ: this run has {Short(identity.SpecHash)}, the worker {Short(hello.SpecHash)}; start it with the run's own resolved spec");
        }

        return hello.NumericClass == identity.NumericClass
            ? null
            : (null, RejectCode.NumericClass, $"arithmetic differs: this run computes with '{identity.NumericClass}', the worker with '{hello.NumericClass}'; set \"kernels\": \"managed\" to make them equal");
    }

    private static string Short(string hash) => hash.Length > 16 ? hash[..16] : hash;
}
