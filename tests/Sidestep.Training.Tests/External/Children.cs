namespace Sidestep.Training.Tests.External;

/// <summary>Scripts of child programs.</summary>
internal static class Children
{
    /// <summary>Mean squared distance to every row, over all features; arguments change its behaviour: <c>MODE [WORD]</c>.</summary>
    public const string Means = """
        import os, struct, time, random
        import sidestep_exec

        mode = sys.argv[1] if len(sys.argv) > 1 else "good"
        word = sys.argv[2] if len(sys.argv) > 2 else ""
        out = os.dup(1)
        calls = 0

        class Means:
            name = "means"

            def tensors(self, features, classes):
                if mode == "tensors":
                    return eval(word)
                return [("mean", [features])]

            def initialize(self, seed, parameters):
                for i in range(len(parameters)):
                    parameters[i] = (seed % 1000 + i) / 1000.0

            def gradient(self, rows, parameters, gradient):
                global calls
                calls += 1
                if mode == "crash":
                    sys.stderr.write("the disk of my dreams is full\n")
                    sys.stderr.flush()
                    os._exit(3)
                if mode == "raise":
                    raise ValueError("no such kernel")
                if mode == "hang":
                    time.sleep(1000)
                if mode == "print":
                    os.write(out, b"epoch 1: all is well\n")
                if mode == "nan":
                    gradient[0] = float("nan")
                    return float("nan")
                if mode == "noise":
                    gradient[0] += random.random()
                if mode == "pid":
                    gradient[0] += os.getpid()
                if mode == "drift":
                    gradient[0] += calls
                loss = 0.0
                for x, label in rows:
                    for j, value in (x if rows.sparse else enumerate(x)):
                        gradient[j] += parameters[j] - value
                        loss += (parameters[j] - value) ** 2 / 2
                    loss += label / 8
                return loss

            def evaluate(self, rows, parameters):
                if mode == "measures":
                    return {"rows": (float(sum(rows.numbers)), len(rows)), "stamp": (float(rows.stamp), 1), "round": (float(rows.round), 1),
                            "partition": (float(rows.partition), 1), "classes": (float(rows.classes), 1), "secret": (float("SIDESTEP_SECRET" in os.environ), 1)}
                return {"loss": (float(sum(rows.labels)), len(rows))}

        answer = sidestep_exec._Server.answer
        def bent(server, kind, body, bulk):
            text, vector = answer(server, kind, body, bulk)
            if mode == "length" and kind == sidestep_exec.GRADIENT:
                text = struct.pack("<dq", 0.5, 9)
            if mode == "body" and kind == sidestep_exec.GRADIENT:
                text = text + b"more"
            if mode == "unmappable" and kind == sidestep_exec.MEMORY and server.shared:
                raise OSError("there is no such memory here")
            return text, vector
        sidestep_exec._Server.answer = bent

        if mode == "start":
            sys.exit("the licence has expired")
        if mode == "greet":
            print("hello, I am ready", flush=True)
        sidestep_exec.serve(Means())
        """;
}
