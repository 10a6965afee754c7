"""Serves any torch.nn.Module to Sidestep.

    import torch, sidestep_torch

    sidestep_torch.serve(lambda: torch.nn.Linear(784, 10), torch.nn.CrossEntropyLoss(reduction="sum"))

Two processes must answer equal bytes to equal questions. Therefore the module has to be a function of its parameters and its input: chance
(dropout) is seeded by the rows' round and partition, one thread computes, and modules that learn outside their parameters (batch normalisation
with running statistics) are refused.
"""
import torch

import sidestep_exec


class _Trained:
    overwrites = True

    def __init__(self, make, loss, shape, accuracy, device):
        self.make, self.loss, self.shape, self.accuracy, self.device = make, loss, shape, accuracy, device
        self.module, self.stamp = None, None
        self.first = {k: v.clone() for k, v in make.state_dict().items()} if isinstance(make, torch.nn.Module) else None
        self.name = f"torch {torch.__version__} {device}, {torch.get_num_threads()} thread"

    def tensors(self, features, classes):
        self.classes = classes
        self.build(0)
        moving = [name for name, _ in self.module.named_buffers() if name.endswith(("running_mean", "running_var"))]
        if moving:
            raise ValueError(f"the module learns {moving[0]} outside its parameters; use GroupNorm or LayerNorm, or track_running_stats=False")
        return [(name, list(p.shape) or [1]) for name, p in self.module.named_parameters()]

    def build(self, seed):
        torch.manual_seed(seed)
        self.module = (self.make() if self.first is None else self.make).to(self.device)
        if self.first is not None:
            self.module.load_state_dict(self.first)
        self.parameters = [p for _, p in self.module.named_parameters()]
        self.stamp = None

    def initialize(self, seed, parameters):
        self.build(seed & 0x7FFFFFFFFFFFFFFF)
        target = torch.frombuffer(parameters, dtype=torch.float32)
        for part, p in self.parts(target):
            part.copy_(p.detach().reshape(-1))

    def gradient(self, rows, parameters, gradient):
        self.load(rows, parameters)
        self.module.train()
        torch.manual_seed((rows.round * 1_000_003 + rows.partition) & 0x7FFFFFFFFFFFFFFF)
        x, y = self.samples(rows)
        for p in self.parameters:
            p.grad = None
        loss = self.loss(self.module(x), y)
        loss.backward()
        for part, p in self.parts(torch.frombuffer(gradient, dtype=torch.float32)):
            if p.grad is None:
                part.zero_()
            else:
                part.copy_(p.grad.reshape(-1))
        return loss.item()

    def evaluate(self, rows, parameters):
        self.load(rows, parameters)
        self.module.eval()
        with torch.no_grad():
            x, y = self.samples(rows)
            output = self.module(x)
            measures = {"loss": (self.loss(output, y).item(), len(rows))}
            if self.accuracy and self.classes >= 2:
                measures["accuracy"] = ((output.argmax(dim=1) == y).sum().item(), len(rows))
            return measures

    def load(self, rows, parameters):
        """Copies the parameters into the module when they are others than last time."""
        if self.stamp != rows.stamp:
            with torch.no_grad():
                for part, p in self.parts(torch.frombuffer(parameters, dtype=torch.float32)):
                    p.copy_(part.view(p.shape))
            self.stamp = rows.stamp

    def parts(self, vector):
        at = 0
        for p in self.parameters:
            yield vector[at:at + p.numel()], p
            at += p.numel()

    def samples(self, rows):
        if rows.sparse:
            x = torch.sparse_csr_tensor(
                torch.tensor(rows.row_starts), torch.tensor(rows.columns), torch.tensor(rows.values), (len(rows), rows.features)).to_dense()
        else:
            x = torch.frombuffer(rows.values, dtype=torch.float32).view(len(rows), rows.features)
        y = torch.frombuffer(rows.labels, dtype=torch.float32)
        y = y.long() if self.classes >= 2 else y
        return x.view(len(rows), *(self.shape or (rows.features,))).to(self.device), y.to(self.device)


def serve(module, loss, shape=None, accuracy=True, threads=1, device="cpu"):
    """Answers requests until there are no more.

    module    a function that makes the module (its start point is then a function of the run's seed), or the module itself
    loss      loss(output, labels), summed over the rows: torch.nn.CrossEntropyLoss(reduction="sum"), for example
    shape     shape of one row, such as (1, 28, 28); by default the row as it is
    accuracy  whether the largest output is the class, counted in evaluations of data with classes
    threads   of one process; several workers share the machine
    """
    if getattr(loss, "reduction", "sum") != "sum":
        raise SystemExit(f"the loss has reduction='{loss.reduction}'; Sidestep divides by the number of rows itself: use reduction='sum'")
    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(True)
    sidestep_exec.serve(_Trained(module, loss, shape, accuracy, device))
