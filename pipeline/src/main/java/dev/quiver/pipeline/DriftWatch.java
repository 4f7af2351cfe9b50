package dev.quiver.pipeline;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.lit;
import static dev.quiver.dataframe.Functions.when;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Profile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// How what a run loaded differs from what the run before it loaded, whose profile is in the
/// ledger.
final class DriftWatch {
    private static final String PROFILE = "profile";
    private static final String DRIFT = "drift";

    private DriftWatch() {}

    /// What a look found.
    ///
    /// @param profile of what was loaded; empty when no rows were
    /// @param drift sentences
    record Found(Optional<Profile> profile, List<String> drift) {
        Found {
            drift = List.copyOf(drift);
        }

        /// What the ledger is to keep for the next run, by name.
        Map<String, String> notes() {
            var notes = new TreeMap<String, String>();
            profile.ifPresent(now -> notes.put(PROFILE, now.toJson()));
            notes.put(DRIFT, String.join("\n", drift));
            return notes;
        }
    }

    /// Runs the frame, and compares what it has with the profile in the ledger; with nothing when
    /// there is none.
    ///
    /// @param personal columns of whose values nothing is looked at, as ledgers and logs would show
    ///   them
    static Found look(DataFrame loaded, Set<String> personal, Ledger ledger) {
        DataFrame seen = loaded;
        for (String column : personal)
            if (loaded.schema().has(column))
                seen = seen.withColumn(column, when(lit(false)).then(col(column)).otherwiseNull());
        Profile now = Profile.of(seen);
        return new Found(Optional.of(now), before(ledger).map(now::driftSince).orElse(List.of()));
    }

    /// When no rows were loaded: the next run is compared with the last that had some.
    static Found nothing(Ledger ledger) {
        var none = new Profile(0, List.of());
        List<String> drift = before(ledger).map(none::driftSince).orElse(List.of());
        return new Found(Optional.empty(), drift.stream().limit(1).toList());
    }

    private static Optional<Profile> before(Ledger ledger) {
        return ledger.note(PROFILE).map(Profile::ofJson);
    }

    /// What the last run found.
    static List<String> last(Ledger ledger) {
        return ledger.note(DRIFT).stream().flatMap(String::lines).toList();
    }
}
