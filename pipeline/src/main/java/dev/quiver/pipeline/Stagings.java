package dev.quiver.pipeline;

import dev.quiver.io.store.Stores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/// The directories in which a run that is given up may have left files: those of its units that are
/// done, and of the targets and quarantines that the pipeline names.
final class Stagings {
    private final Set<Path> directories = new LinkedHashSet<>();
    private final String run;

    /// @param id of the run
    Stagings(Blueprint blueprint, Ledger.Run run, String id) {
        this.run = id;
        for (List<StagedFile> files : run.files().values())
            for (StagedFile file : files) {
                Path target = Stores.path(file.target());
                // What units wrote into tables has no path.
                if (target.isAbsolute()) add(target);
            }
        var values = new TreeMap<>(blueprint.parameters().values());
        values.putAll(run.key().parameters());
        var parameters = new Parameters(values);
        var bins = new Bins(parameters);
        for (Blueprint.Outlet outlet : blueprint.outlets()) {
            switch (outlet.load()) {
                case FileLoad file -> add(file.target(parameters));
                case MergeLoad merge -> add(merge.target(parameters));
                case TableLoad _ -> {}
            }
            for (Blueprint.Step step : outlet.steps())
                if (step instanceof Blueprint.Step.Gated(var gate))
                    gate.quarantinePath().ifPresent(path -> add(bins.target(path)));
        }
    }

    private void add(Path target) {
        directories.add(Prepared.LoadPlan.staging(target, run));
    }

    void delete(Disk disk) {
        try {
            for (Path directory : directories) disk.delete(directory);
        } catch (IOException e) {
            throw PipelineExecution.notCleared(e);
        }
    }
}
