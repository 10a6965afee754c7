"""Softmax regression in plain Python: what a program needs to train under Sidestep, and nothing else.

    { "objective": { "exec": ["python3", "grad.py"] } }
"""
import math

import sidestep_exec


class Softmax:
    overwrites = True    # gradient() writes every value

    def tensors(self, features, classes):
        self.features, self.classes = features, classes
        return [("weight", [classes, features]), ("bias", [classes])]

    def gradient(self, rows, parameters, gradient):
        weights = parameters.tolist()
        sums = [0.0] * len(weights)
        biases = self.classes * self.features
        loss = 0.0
        for x, label in entries(rows):
            p, row_loss = self.forward(weights, x, int(label))
            loss += row_loss
            p[int(label)] -= 1.0
            for c, slope in enumerate(p):
                sums[biases + c] += slope
                at = c * self.features
                for j, value in x:
                    sums[at + j] += slope * value
        for i, total in enumerate(sums):
            gradient[i] = total
        return loss

    def evaluate(self, rows, parameters):
        weights = parameters.tolist()
        loss, right = 0.0, 0
        for x, label in entries(rows):
            p, row_loss = self.forward(weights, x, int(label))
            loss += row_loss
            right += p.index(max(p)) == int(label)
        return {"loss": (loss, len(rows)), "accuracy": (right, len(rows))}

    def forward(self, weights, x, label):
        """The classes' probabilities for a row, and its loss."""
        biases = self.classes * self.features
        scores = []
        for c in range(self.classes):
            at = c * self.features
            scores.append(weights[biases + c] + sum(weights[at + j] * value for j, value in x))
        top = max(scores)
        powers = [math.exp(s - top) for s in scores]
        total = sum(powers)
        return [e / total for e in powers], math.log(total) + top - scores[label]


def entries(rows):
    """(column, value) of the non-zeros, whether the data are sparse or not."""
    for x, label in rows:
        yield x if rows.sparse else [(j, v) for j, v in enumerate(x) if v], label


if __name__ == "__main__":
    sidestep_exec.serve(Softmax())
