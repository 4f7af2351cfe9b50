package dev.quiver.deploy;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.NearestName;
import dev.quiver.error.QuiverException;
import dev.quiver.io.store.Stores;
import dev.quiver.pipeline.history.LedgerPlaces;
import dev.quiver.pipeline.history.RunRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Option;

/// Which ledgers a command looks at.
final class LedgerOption {
    @Option(
            names = "--ledger",
            paramLabel = "DIR",
            description =
                    "A ledger, or a directory of ledgers (default: those of this directory's"
                            + " pipelines).")
    private List<String> ledgers = new ArrayList<>();

    /// The ledgers with a history.
    List<Path> places() {
        try {
            if (ledgers.isEmpty()) return new LedgerPlaces(Path.of("")).all();
            var places = new ArrayList<Path>();
            for (String ledger : ledgers) {
                Path directory = Stores.path(ledger).toAbsolutePath();
                List<Path> found = LedgerPlaces.below(directory);
                if (found.isEmpty())
                    throw new QuiverException(
                            ErrorCode.FILE_NOT_FOUND,
                            "no history in '%s'".formatted(ledger),
                            List.of("looked in: " + directory),
                            "name what the pipeline says with ledger(…), or the directory above");
                places.addAll(found);
            }
            return places;
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "can't look for ledgers: " + Objects.requireNonNullElse(e.getMessage(), "" + e),
                    List.of(),
                    "check the permissions of .quiver",
                    e);
        }
    }

    /// What is said of a name that isn't in the history.
    static QuiverException unknown(String name, List<RunRecord> all) {
        var names = new ArrayList<String>();
        for (RunRecord run : all) if (!names.contains(run.pipeline())) names.add(run.pipeline());
        List<String> where =
                List.of("has: " + (names.isEmpty() ? "no runs" : String.join(", ", names)));
        all.forEach(run -> names.add(run.run()));
        return new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "no pipeline or run '%s' in the history".formatted(name),
                where,
                NearestName.of(name, names)
                        .map("did you mean '%s'?"::formatted)
                        .orElse("'quiver runs' lists them; say --ledger DIR for those elsewhere"));
    }
}
