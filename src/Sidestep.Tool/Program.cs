using Sidestep.Cli;
using Sidestep.Hosting;

return await SidestepHost.Create().RunAsync(args);
