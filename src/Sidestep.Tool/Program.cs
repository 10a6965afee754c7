using Sidestep.Cli;

return CliApp.Run(args, new Terminal(Console.Out, Console.Error, !Console.IsErrorRedirected));
