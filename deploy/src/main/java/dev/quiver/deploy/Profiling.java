package dev.quiver.deploy;

import static dev.quiver.dataframe.Functions.asc;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.desc;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Gate;
import dev.quiver.dataframe.Profile;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What `quiver profile` tells of a file.
final class Profiling {
    @Option(
            names = "--against",
            paramLabel = "GATE.yaml",
            description = "Count rows by the rule that they break; exit 1 when there are any.")
    private @Nullable Path gate;

    @Option(
            names = "--json",
            description = "Print the profile itself instead of a gate, to be kept for --since.")
    private boolean json;

    @Option(
            names = "--since",
            paramLabel = "PROFILE.json",
            description = "Tell what is different from that profile; exit 1 when something is.")
    private @Nullable Path since;

    /// @return the exit status
    int run(String file, DataFrame frame, PrintStream out) {
        int asked = (gate == null ? 0 : 1) + (json ? 1 : 0) + (since == null ? 0 : 1);
        if (asked > 1)
            throw Complaints.usage(
                    "more than one of --against, --json and --since",
                    List.of("in: quiver profile"),
                    "say one of them");
        if (gate != null) return against(Gate.yaml(gate), frame, out);
        if (since != null) return since(Profile.json(since), frame, out);
        Profile profile = Profile.of(frame);
        if (json) out.print(profile.toJson());
        else out.print(proposed(file, profile));
        return 0;
    }

    private static String proposed(String file, Profile profile) {
        return String.format(
                        Locale.ROOT,
                        "# What the %,d rows of %s are like. Take out what is chance, then:%n"
                                + "# quiver profile FILE --against THIS.yaml%n",
                        profile.rows(),
                        file.replaceAll("\\R", " "))
                + profile.gate().toYaml();
    }

    private static int against(Gate gate, DataFrame frame, PrintStream out) {
        DataFrame broken =
                frame.rejects(gate)
                        .groupBy("rule", "column")
                        .agg(count().as("rows"))
                        .sort(desc("rows"), asc("rule"))
                        .persist();
        if (broken.count() == 0) {
            out.println("no row breaks a rule");
            return 0;
        }
        broken.show(Integer.MAX_VALUE - 1);
        return 1;
    }

    private static int since(Profile earlier, DataFrame frame, PrintStream out) {
        List<String> drift = Profile.of(frame).driftSince(earlier);
        if (drift.isEmpty()) out.println("nothing is different");
        drift.forEach(out::println);
        return drift.isEmpty() ? 0 : 1;
    }
}
