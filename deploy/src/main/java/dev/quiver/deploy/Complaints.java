package dev.quiver.deploy;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.NearestName;
import dev.quiver.error.QuiverException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// What the command says on standard error: what happened, where, and how to fix it.
final class Complaints {
    private Complaints() {}

    /// A command line that can't be run.
    static QuiverException usage(String what, List<String> where, String fix) {
        return new QuiverException(ErrorCode.USAGE_INVALID, what, where, fix);
    }

    /// Answers a command line that the parser refused.
    static int aboutUsage(ParameterException refused, String[] args) {
        System.err.println(complaint(refused).getMessage());
        return CommandLine.ExitCode.USAGE;
    }

    /// Answers a command that threw.
    static int aboutJob(Exception thrown, CommandLine command, CommandLine.ParseResult parsed) {
        if (thrown instanceof QuiverException known) {
            System.err.println(known.getMessage());
            return known.code() == ErrorCode.USAGE_INVALID
                    ? CommandLine.ExitCode.USAGE
                    : CommandLine.ExitCode.SOFTWARE;
        }
        System.err.println(
                "quiver %s broke: %s   (%s)\n  fix: please report it with the lines below"
                        .formatted(command.getCommandName(), thrown, ErrorCode.INTERNAL));
        thrown.printStackTrace();
        return CommandLine.ExitCode.SOFTWARE;
    }

    /// Prints what a user's program threw: Quiver's errors in their three parts, followed by the
    /// user's own exception where it is underneath; anything else as Java does, without the frames
    /// of the launcher.
    static void aboutProgram(Throwable thrown, PrintStream err) {
        if (!(thrown instanceof QuiverException known)) {
            err.print("Exception in thread \"main\" ");
            trimmed(thrown).printStackTrace(err);
            return;
        }
        err.println(known.getMessage());
        Throwable cause = known.getCause();
        if (cause != null && !(cause instanceof QuiverException)) {
            err.print("caused by ");
            trimmed(cause).printStackTrace(err);
        }
    }

    private static Throwable trimmed(Throwable thrown) {
        var frames = new ArrayList<StackTraceElement>();
        for (var frame : thrown.getStackTrace()) {
            if (frame.getClassName().equals(Program.class.getName())
                    || frame.getClassName().startsWith("jdk.internal.reflect.")
                    || frame.getClassName().startsWith("java.lang.reflect.Method")) {
                break;
            }
            frames.add(frame);
        }
        thrown.setStackTrace(frames.toArray(StackTraceElement[]::new));
        return thrown;
    }

    /// A word that is no command.
    static QuiverException unknownCommand(CommandLine top, String word) {
        return unknown(top, "quiver", word, "see 'quiver help'");
    }

    private static QuiverException complaint(ParameterException refused) {
        CommandLine command = refused.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        String help = "see 'quiver help%s'".formatted(name.replaceFirst("^quiver", ""));
        if (refused instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            return unknown(command, name, unmatched.getUnmatched().getFirst(), help);
        }
        if (refused instanceof MissingParameterException missing) {
            String wanted =
                    missing.getMissing().isEmpty()
                            ? "something"
                            : missing.getMissing().getFirst().paramLabel();
            return usage(
                    "%s needs %s".formatted(name, wanted),
                    List.of("usage: " + synopsis(command)),
                    help);
        }
        String message = refused.getMessage();
        return usage(
                message == null
                        ? "can't read the command line"
                        : message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1),
                List.of("in: " + name),
                help);
    }

    private static QuiverException unknown(
            CommandLine command, String name, String word, String help) {
        boolean isOption = word.startsWith("-");
        boolean hasCommands = !command.getSubcommands().isEmpty();
        if (!isOption && !hasCommands) {
            return usage(
                    "'%s' is one argument too many for %s".formatted(word, name),
                    List.of("usage: " + synopsis(command)),
                    "quote what belongs together; " + help);
        }
        List<String> known = isOption ? options(command) : commands(command);
        String stem = word.replaceFirst("=.*", "");
        return usage(
                "unknown %s '%s'".formatted(isOption ? "option" : "command", stem)
                        + (isOption ? " of " + name : ""),
                List.of("has: " + String.join(", ", known)),
                NearestName.of(stem, known)
                                .map(nearest -> "did you mean '%s'? ".formatted(nearest))
                                .orElse("")
                        + help);
    }

    private static List<String> options(CommandLine command) {
        return command.getCommandSpec().options().stream()
                .filter(option -> !option.hidden())
                .map(CommandLine.Model.OptionSpec::longestName)
                .sorted()
                .toList();
    }

    private static List<String> commands(CommandLine command) {
        return command.getSubcommands().keySet().stream().sorted().toList();
    }

    private static String synopsis(CommandLine command) {
        return command.getHelp().synopsis(0).strip().replaceAll("\\s+", " ");
    }
}
