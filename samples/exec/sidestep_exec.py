"""Serves a loss and its gradient to Sidestep: the child's side of docs/exec-protocol.md, with the standard library alone.

    import sidestep_exec

    class Mean:                                             # the loss is half the squared distance to the first feature
        def tensors(self, features, classes):               # the model: names and sizes, in the order of the parameters
            return [("mean", [1])]

        def gradient(self, rows, parameters, gradient):     # add the SUM over the rows to the gradient, return the summed loss
            loss = 0.0
            for x, _ in rows:
                gradient[0] += parameters[0] - x[0]
                loss += 0.5 * (parameters[0] - x[0]) ** 2
            return loss

    sidestep_exec.serve(Mean())

A model may also have initialize(seed, parameters), which fills the start point (else it is zero), evaluate(rows, parameters), which returns
{"loss": (sum, count), "accuracy": (sum, count)}, `name`, a short text that says what computes, and `overwrites = True` if its gradient()
writes every value, so that nothing need be cleared before. The answers must be a function of the questions alone: replicas are compared byte
by byte, and a process may be replaced by a fresh one at any time. print() goes to standard error.
"""
import mmap
import os
import platform
import signal
import struct
import sys
import threading
import time
import traceback

MAGIC, VERSION, ANSWER = b"\x8fSXE", 1, 0x80
HELLO, MEMORY, INITIALIZE, GRADIENT, EVALUATE, STOP, FAILED = 1, 2, 3, 4, 5, 6, 0xFF
HEAD = struct.Struct("<4sHHIiq")        # magic, version, kind, sequence, bytes of body, bytes of bulk data
QUESTION = struct.Struct("<QqiiiI7q")   # stamp, round, partition, count, features, flags, values, bytes, then five offsets
SPARSE, NUMBERED = 1, 2


class Rows:
    """Some rows of the data. Iterating gives (row, label): a row is a list-like of values, or of (column, value) if sparse.

    count, features, classes; labels; values; sparse, row_starts, columns; round, partition and numbers (row numbers inside the
    partition), or -1, -1 and an empty list where rows are not of a round. stamp changes whenever the parameters do."""

    def __init__(self, question, classes, view):
        (self.stamp, self.round, self.partition, self.count, self.features, flags, values, _,
         numbers_at, labels_at, starts_at, columns_at, values_at) = question
        self.classes, self.sparse = classes, bool(flags & SPARSE)
        self.numbers = view(numbers_at, self.count if flags & NUMBERED else 0, "q")
        self.labels = view(labels_at, self.count, "f")
        self.values = view(values_at, values, "f")
        self.row_starts = view(starts_at, self.count + 1 if self.sparse else 0, "i")
        self.columns = view(columns_at, values if self.sparse else 0, "i")

    def __len__(self):
        return self.count

    def __iter__(self):
        for i in range(self.count):
            if self.sparse:
                a, b = self.row_starts[i], self.row_starts[i + 1]
                yield list(zip(self.columns[a:b], self.values[a:b])), self.labels[i]
            else:
                yield self.values[i * self.features:(i + 1) * self.features], self.labels[i]


class _Server:
    def __init__(self, model, numpy):
        self.model, self.numpy, self.classes, self.length = model, numpy, 0, 0
        self.memory, self.shared = memoryview(b""), True
        # The protocol keeps its own copies of the streams: what the model prints goes to standard error.
        self.requests = os.fdopen(os.dup(0), "rb", buffering=0)
        self.answers = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)

    def run(self):
        while True:
            head = self.read(bytearray(HEAD.size))
            if head is None:
                return
            magic, version, kind, sequence, length, bulk = HEAD.unpack(head)
            if magic != MAGIC or version != VERSION:
                raise SystemExit(f"this is not version {VERSION} of the exec protocol")
            body = self.read(bytearray(length))
            if kind == STOP or body is None:
                return
            try:
                answer, vector = self.answer(kind, body, bulk)
            except Exception as error:
                traceback.print_exc()
                text = f"{type(error).__name__}: {error}".encode()[:4000]
                self.write(FAILED, sequence, text, b"")
                if kind != MEMORY:
                    raise SystemExit(1)
            else:
                self.write(kind | ANSWER, sequence, answer, vector)

    def answer(self, kind, body, bulk):
        if kind == HELLO:
            return self.hello(*struct.unpack("<ii", body)), b""
        if kind == MEMORY:
            self.map(body)
            return b"", b""
        if kind == INITIALIZE:
            self.model.initialize(struct.unpack("<Q", body)[0], self.view(self.gradient_at, self.length, "f"))
            return struct.pack("<q", self.length), self.vector()
        question = QUESTION.unpack(body)
        self.receive(question, bulk)
        rows = Rows(question, self.classes, self.view)
        parameters = self.view(self.parameters_at, self.length, "f")
        if kind == GRADIENT:
            if not getattr(self.model, "overwrites", False):
                self.memory[self.gradient_at:self.gradient_at + 4 * self.length] = bytes(4 * self.length)
            loss = self.model.gradient(rows, parameters, self.view(self.gradient_at, self.length, "f"))
            return struct.pack("<dq", loss, self.length), self.vector()
        if kind == EVALUATE:
            measures = self.model.evaluate(rows, parameters)
            return struct.pack("<H", len(measures)) + b"".join(
                struct.pack("<H", len(name.encode())) + name.encode() + struct.pack("<dq", total, count)
                for name, (total, count) in measures.items()), b""
        raise ValueError(f"a request of kind {kind} is not known")

    def hello(self, features, classes):
        self.classes = classes
        tensors = self.model.tensors(features, classes)
        flags = (1 if hasattr(self.model, "initialize") else 0) | (2 if hasattr(self.model, "evaluate") else 0)
        answer = struct.pack("<HH", flags, len(tensors))
        for name, sizes in tensors:
            product = 1
            for size in sizes:
                product *= size
            self.length += product
            answer += struct.pack("<H", len(name.encode())) + name.encode() + struct.pack(f"<H{len(sizes)}I", len(sizes), *sizes)
        name = getattr(self.model, "name", f"python {platform.python_version()}").encode()
        return answer + struct.pack("<H", len(name)) + name

    def map(self, body):
        size, self.parameters_at, self.gradient_at, self.batch_at, length = struct.unpack_from("<qqqqH", body)
        path = body[34:34 + length].decode()
        self.shared = bool(path)
        if path:
            with open(path, "r+b") as file:
                self.memory = memoryview(mmap.mmap(file.fileno(), size))
        else:
            self.memory = memoryview(bytearray(size))

    def receive(self, question, bulk):
        """Without shared memory the rows come through the pipe, and the parameters when they are new."""
        if bulk:
            rows = question[7]
            self.read(self.memory[self.batch_at:self.batch_at + rows])
            self.read(self.memory[self.parameters_at:self.parameters_at + bulk - rows])

    def vector(self):
        return b"" if self.shared else self.memory[self.gradient_at:self.gradient_at + 4 * self.length]

    def view(self, offset, count, code):
        part = self.memory[offset:offset + count * struct.calcsize(code)].cast(code)
        return self.numpy.frombuffer(part, dtype=code) if self.numpy else part

    def read(self, target):
        rest = memoryview(target)
        while len(rest):
            count = self.requests.readinto(rest)
            if not count:
                return None
            rest = rest[count:]
        return target

    def write(self, kind, sequence, body, vector):
        self.answers.write(HEAD.pack(MAGIC, VERSION, kind, sequence, len(body), len(vector)) + body)
        if len(vector):
            self.answers.write(vector)
        self.answers.flush()


def _end_with(parent):
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def serve(model, numpy=False):
    """Answers requests until there are no more. numpy=True hands over NumPy arrays instead of memory views, over the same memory."""
    if sys.byteorder != "little":
        raise SystemExit("the exec protocol is little-endian, this machine is not")
    signal.signal(signal.SIGINT, signal.SIG_IGN)    # a terminal's Ctrl-C reaches everybody, but the coordinator decides
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    _Server(model, __import__("numpy") if numpy else None).run()
