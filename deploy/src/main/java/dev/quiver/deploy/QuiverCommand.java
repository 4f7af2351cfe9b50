package dev.quiver.deploy;

import dev.quiver.benchmarks.Bench;
import dev.quiver.client.Session;
import dev.quiver.cluster.control.QuiverVersion;
import dev.quiver.config.Settings;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.pipeline.history.LedgerPlaces;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The `quiver` command. Exit status: 0 done, 1 the job failed, 2 it was called wrongly.
@Command(
        name = "quiver",
        description = "Dataframes and task graphs over Arrow columns, from one machine up.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        subcommands = {
            SubmitCommand.class,
            JobCommands.All.class,
            JobCommands.Logs.class,
            JobCommands.Result.class,
            JobCommands.Cancel.class,
            TaskCommands.Story.class,
            TaskCommands.Why.class,
            TaskCommands.WhoHas.class,
            RetireCommand.class,
            RebalanceCommand.class,
            ReplayCommand.class,
            CertsCommand.class,
            KernelCommand.class,
            ShellCommand.class,
            LocalCommand.class,
            TopCommand.class,
            CompletionCommand.class,
            RehearseCommand.class
        },
        footer = {"", "quiver help COMMAND tells more about one."})
public final class QuiverCommand implements Runnable {
    private static final int ROWS_DEFAULT = 10;
    private static final List<String> TAKING_PROGRAMS = List.of("run", "submit");

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "Show no progress.")
    private boolean quiet;

    @SuppressWarnings("UnusedVariable") // picocli acts on it
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Say what a command does.")
    private boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before a command runs
    private CommandSpec spec;

    private QuiverCommand() {}

    public static void main(String[] args) {
        int status = execute(List.of(args));
        System.out.flush();
        System.err.flush();
        // Not on 0: threads that a user's program left running may end by themselves.
        if (status != 0) System.exit(status);
    }

    /// Runs one command line.
    ///
    /// @return the exit status
    static int execute(List<String> args) {
        var commandLine = new CommandLine(new QuiverCommand());
        commandLine.setParameterExceptionHandler(Complaints::aboutUsage);
        commandLine.setExecutionExceptionHandler(Complaints::aboutJob);
        commandLine.setUsageHelpAutoWidth(true);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        for (CommandLine command : commandLine.getSubcommands().values()) {
            // What follows a program's name is the program's.
            if (TAKING_PROGRAMS.contains(command.getCommandName()))
                command.setStopAtPositional(true);
            if (command.getCommandName().equals("bench")) {
                command.setUnmatchedOptionsArePositionalParams(true);
            }
        }
        return commandLine.execute(args.toArray(String[]::new));
    }

    /// Reads the settings and sets up logging by them.
    void loadSettings() {
        LocalSettings.load(quiet);
    }

    /// Lets `quiver runs` find the ledgers of pipelines that run in this process.
    private static void noteLedgers() {
        System.setProperty(LedgerPlaces.PROPERTY, Path.of("").toAbsolutePath().toString());
    }

    @Override
    public void run() {
        throw Complaints.usage(
                "no command",
                List.of(
                        "has: demo, new, run, serve, runs, give-up, schema, head, describe,"
                            + " profile, convert, scheduler, worker, cluster, status, submit, list,"
                            + " logs, result, cancel, story, why, who-has, retire, rebalance, top,"
                            + " replay, certs, shell, completion, kernel, bench, config, version,"
                            + " help"),
                "start with 'quiver demo', or see 'quiver help'");
    }

    @Command(description = "Show what Quiver does, on all flights that left New York City in 2013.")
    int demo(
            @Option(
                            names = "--out",
                            paramLabel = "DIR",
                            defaultValue = "quiver-demo",
                            description =
                                    "Where Parquet and CSV files go (default: ${DEFAULT-VALUE}).")
                    Path out) {
        noteLedgers();
        try (Session session = LocalSettings.load(quiet).open()) {
            new Demo(session, Demo.dataOfClone(), out, System.out).run();
        }
        return 0;
    }

    @Command(
            name = "new",
            description = "Write a small Maven project: a pipeline, its data and its test.")
    int newProject(
            @Parameters(
                            paramLabel = "NAME",
                            description = "The directory, which is empty or isn't there.")
                    Path directory) {
        for (String file : new NewProject(directory).write()) {
            System.out.println(directory.resolve(file));
        }
        System.out.printf("%nnext: cd %s && mvn test && mvn -q compile exec:exec%n", directory);
        return 0;
    }

    @Command(
            description =
                    "Run a program: one source file, compiled on the way, or a jar with a main"
                            + " class.")
    int run(
            @Parameters(
                            index = "0",
                            paramLabel = "FILE.java|JAR",
                            description = "The program; Quiver is on its class path.")
                    Path program,
            @Parameters(index = "1..*", paramLabel = "ARG", description = "What its main gets.")
                    List<String> args,
            @Option(
                            names = "--report",
                            paramLabel = "FILE.html",
                            description =
                                    "Write what its session did when it is closed: queries, tasks,"
                                            + " what stands out.")
                    @Nullable Path report,
            @Option(names = NodeCommands.CHILD, hidden = true) boolean child) {
        if (child) NodeCommands.endWithParent();
        LocalSettings.load(quiet);
        noteLedgers();
        if (report != null) Program.reportTo(report);
        return Program.of(program).run(args == null ? List.of() : args);
    }

    @Command(
            description =
                    "Run pipelines by their schedules, until it is stopped: those that the method"
                            + " 'pipelines' of each program's first class says.")
    int serve(
            @Parameters(
                            paramLabel = "FILE.java|JAR",
                            arity = "1..*",
                            description = "Programs with 'static Served pipelines()'.")
                    List<Path> programs) {
        noteLedgers();
        return Serving.of(programs, quiet).run();
    }

    @Command(description = "Show what pipelines ran and what became of it; or all about one run.")
    int runs(
            @Parameters(
                            paramLabel = "PIPELINE|RUN",
                            arity = "0..1",
                            description = "A pipeline's name, or a run's such as flights-1.")
                    @Nullable String name,
            @Mixin Runs runs) {
        LocalSettings.load(quiet);
        runs.write(name, System.out);
        return 0;
    }

    @Command(
            name = "give-up",
            description =
                    "Give up the run that a pipeline didn't end: what it loaded stays unseen, and"
                            + " the next run begins anew.")
    int giveUp(
            @Parameters(
                            paramLabel = "PIPELINE|RUN",
                            description = "A pipeline's name, or a run's such as flights-1.")
                    String name,
            @Mixin GivingUp givingUp) {
        LocalSettings.load(quiet);
        givingUp.run(name, System.out);
        return 0;
    }

    @Command(
            description =
                    "Run a scheduler, until it is stopped: clients and workers find it at its"
                            + " port.")
    int scheduler(@Mixin SchedulerOptions options) {
        return options.run();
    }

    @Command(description = "Run a worker, until it is stopped: it runs what a scheduler says.")
    int worker(@Mixin WorkerOptions options) {
        return options.run();
    }

    @Command(
            description =
                    "Run a cluster on this machine, until it is stopped: 'quiver cluster up'.")
    int cluster(
            @Parameters(paramLabel = "up", description = "Start a scheduler and workers.")
                    String what,
            @Mixin ClusterOptions options) {
        if (!what.equals("up"))
            throw Complaints.usage(
                    "quiver cluster '%s'".formatted(what), List.of(), "say 'quiver cluster up'");
        return options.run();
    }

    @Command(description = "Show who is in a cluster, and how busy.")
    int status(@Mixin SchedulerOption scheduler) {
        LocalSettings.load(quiet);
        System.out.println(ClusterText.status(scheduler.addresses()));
        return 0;
    }

    @Command(description = "Show the columns of a file and their types.")
    int schema(
            @Parameters(paramLabel = "FILE", description = "A file, directory or pattern.")
                    String file,
            @Mixin Reading reading,
            @Mixin Format format) {
        try (Session session = LocalSettings.load(quiet).open()) {
            format.writeSchema(reading.read(session, file).schema(), System.out);
        }
        return 0;
    }

    @Command(description = "Show the first rows of a file.")
    int head(
            @Parameters(paramLabel = "FILE", description = "A file, directory or pattern.")
                    String file,
            @Option(
                            names = {"-n", "--rows"},
                            paramLabel = "N",
                            defaultValue = "" + ROWS_DEFAULT,
                            description = "How many (default: ${DEFAULT-VALUE}).")
                    int rows,
            @Mixin Reading reading,
            @Mixin Format format) {
        if (rows < 1) {
            throw Complaints.usage(
                    "--rows is " + rows, List.of("in: quiver head"), "give a number of at least 1");
        }
        try (Session session = LocalSettings.load(quiet).open()) {
            format.write(reading.read(session, file), rows, System.out);
        }
        return 0;
    }

    @Command(description = "Count, mean, spread and extremes of each column of a file.")
    int describe(
            @Parameters(paramLabel = "FILE", description = "A file, directory or pattern.")
                    String file,
            @Mixin Reading reading,
            @Mixin Format format) {
        try (Session session = LocalSettings.load(quiet).open()) {
            DataFrame described = reading.read(session, file).describe();
            format.write(described, Integer.MAX_VALUE, System.out);
        }
        return 0;
    }

    @Command(
            description =
                    "Look at all values of a file and propose a gate, as YAML; or count the rows"
                            + " that break a gate; or tell how a file differs from an earlier one.")
    int profile(
            @Parameters(paramLabel = "FILE", description = "A file, directory or pattern.")
                    String file,
            @Mixin Profiling profiling,
            @Mixin Reading reading) {
        try (Session session = LocalSettings.load(quiet).open()) {
            return profiling.run(file, reading.read(session, file), System.out);
        }
    }

    @Command(
            description =
                    "Write a file in another format: CSV, TSV, JSON lines, Parquet or Arrow, as the"
                            + " names tell; - is standard input or output.")
    int convert(
            @Parameters(
                            index = "0",
                            paramLabel = "IN",
                            description = "A file, directory, pattern or -.")
                    String in,
            @Parameters(
                            index = "1",
                            paramLabel = "OUT",
                            description = "A file, a directory that ends in /, or -.")
                    String out,
            @Mixin Reading reading,
            @Mixin Conversion conversion) {
        try (Session session = LocalSettings.load(quiet).open()) {
            conversion.run(session, reading, in, out, System.in, System.out);
        }
        return 0;
    }

    @Command(
            description =
                    "Measure Quiver and its peers: overhead, groupby, join, sort, csv, files,"
                        + " lineitem or postgres; what gates cost: gate; how much memory it takes:"
                        + " memory; how soon it cancels: cancel, and interrupt in a notebook; tasks"
                        + " of a cluster of processes: cluster; or parts of it: kernels or"
                        + " scheduler.")
    int bench(
            @Parameters(
                            paramLabel = "ARG",
                            arity = "1..*",
                            description = "What to measure, and its options.")
                    List<String> args) {
        return Bench.run(args);
    }

    @Command(description = "Show each setting, its value and where it came from.")
    int config() {
        for (Settings.Setting setting : LocalSettings.load(quiet).settings().all()) {
            System.out.printf(
                    "%-10s = %-8s (%s)  %s%n",
                    setting.key().text(),
                    setting.value().isEmpty() ? "''" : setting.shown(),
                    setting.origin(),
                    setting.key().meaning());
        }
        return 0;
    }

    @Command(description = "Say what the commands do, or one of them.")
    int help(
            @Parameters(paramLabel = "COMMAND", arity = "0..1", description = "One command.")
                    @Nullable String command) {
        CommandLine top = spec.commandLine();
        if (command == null) {
            top.usage(System.out);
            return 0;
        }
        CommandLine one = top.getSubcommands().get(command);
        if (one == null) throw Complaints.unknownCommand(top, command);
        one.usage(System.out);
        return 0;
    }

    @Command(description = "Show the versions of Quiver and of Java.")
    int version() {
        System.out.printf(
                "quiver %s, Java %s, %s %s%n",
                QuiverVersion.text(),
                Runtime.version(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"));
        return 0;
    }
}
