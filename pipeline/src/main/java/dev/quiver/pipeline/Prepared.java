package dev.quiver.pipeline;

import dev.quiver.client.UnitLoads;
import dev.quiver.io.jdbc.TablePublication;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A run that is planned: its loads and what they are cut in.
///
/// @param rooms where tasks make what goes to a store, on this machine
record Prepared(RunKey key, List<LoadPlan> loads, List<Path> rooms) {
    Prepared {
        loads = List.copyOf(loads);
        rooms = List.copyOf(rooms);
    }

    /// A load that is planned.
    ///
    /// @param name what people call it
    /// @param first the number of its first unit in the run
    /// @param sources one for each extract
    /// @param bins the quarantines of its gates
    /// @param keysFile of the keys that it loads, when it keeps them
    /// @param seen what it leaves out
    /// @param merge what happens when its units are done, as its last unit
    record LoadPlan(
            String name,
            Destination destination,
            int first,
            List<UnitLoads.Streamed> sources,
            List<Bins.Bin> bins,
            String keysFile,
            Optional<LoadedBefore> seen,
            Optional<MergeLoad> merge) {
        LoadPlan {
            sources = List.copyOf(sources);
            bins = List.copyOf(bins);
        }

        /// The table that it fills; empty for files, and when nothing is loaded.
        Optional<TablePublication> table() {
            return destination.publication();
        }

        List<String> unitNames() {
            var names = new ArrayList<String>();
            for (UnitLoads.Streamed source : sources) names.addAll(source.units());
            if (merges()) names.add("merge");
            return names;
        }

        int units() {
            return streamed() + (merges() ? 1 : 0);
        }

        /// How many of them load rows.
        int streamed() {
            return sources.stream().mapToInt(source -> source.units().size()).sum();
        }

        boolean merges() {
            return merge.isPresent() && streamed() > 0;
        }

        /// The directories that it fills: its own, then the quarantines that it keeps.
        List<Path> targets() {
            var targets = new ArrayList<Path>();
            destination.directory().ifPresent(targets::add);
            for (Bins.Bin bin : bins) if (bin.keeps()) targets.add(bin.target());
            return targets;
        }

        /// The directories of its files that don't have their names yet.
        List<Path> stagings(String runId) {
            var stagings = new ArrayList<Path>();
            destination.directory().ifPresent(path -> stagings.add(staging(path, runId)));
            for (Bins.Bin bin : bins) stagings.add(staging(bin.target(), runId));
            return stagings;
        }

        /// Where its files are until they get their names.
        static Path staging(Path target, String runId) {
            Path name = target.getFileName();
            return target.resolveSibling(".%s.quiver-%s".formatted(name, runId));
        }
    }

    int units() {
        return loads.stream().mapToInt(LoadPlan::units).sum();
    }
}
