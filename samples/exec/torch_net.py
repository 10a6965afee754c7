"""A small convolutional net for pictures of 28 × 28, in PyTorch.

    { "objective": { "exec": ["python3", "torch_net.py"] } }
"""
import torch
from torch import nn

import sidestep_torch


def net():
    return nn.Sequential(
        nn.Conv2d(1, 8, kernel_size=5, stride=2, padding=2), nn.ReLU(),
        nn.Conv2d(8, 16, kernel_size=3, stride=2, padding=1), nn.ReLU(),
        nn.Flatten(), nn.Linear(16 * 7 * 7, 10))


if __name__ == "__main__":
    sidestep_torch.serve(net, nn.CrossEntropyLoss(reduction="sum"), shape=(1, 28, 28))
