using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(Sidestep.Benchmarks.CombineBenchmark).Assembly).Run(args);
