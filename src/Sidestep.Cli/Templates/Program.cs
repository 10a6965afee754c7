using Sidestep.Cli;
using Sidestep.Hosting;
using NAMESPACE;

// This program is the command, the coordinator and, started again by itself, every worker.
return await SidestepHost.Create()
    .AddData("spirals", (DataContext c, SpiralsParameters p) => Spirals.Open(c, p), "points on two spirals")
    .AddObjective("two-layer-net", (ObjectiveContext c, NetParameters p) => new TwoLayerNet(c.Features, p.Hidden, p.L2), "one hidden layer, two classes")
    .RunAsync(args);
