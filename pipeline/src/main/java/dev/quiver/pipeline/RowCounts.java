package dev.quiver.pipeline;

import dev.quiver.pipeline.PipelineRun.Merged;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// What became of the rows of a run or of a step.
///
/// @param loaded those that merges inserted and updated included
/// @param quarantined that a gate turned away
/// @param dropped that were left out because their keys had been loaded
/// @param merged what merges did
public record RowCounts(long loaded, long quarantined, long dropped, Merged merged) {
    /// Of a run that did nothing.
    public static final RowCounts NONE = new RowCounts(0, 0, 0, new Merged(0, 0, 0));

    static RowCounts of(Collection<StagedFile> files) {
        Map<StagedFile.Kind, Long> rows = new EnumMap<>(StagedFile.Kind.class);
        long loaded = 0;
        for (StagedFile file : files) {
            if (file.kind().isLoaded()) loaded += file.rows();
            rows.merge(file.kind(), file.rows(), Long::sum);
        }
        return new RowCounts(
                loaded,
                rows.getOrDefault(StagedFile.Kind.BAD, 0L),
                rows.getOrDefault(StagedFile.Kind.DROPPED, 0L),
                new Merged(
                        rows.getOrDefault(StagedFile.Kind.INSERTED, 0L),
                        rows.getOrDefault(StagedFile.Kind.UPDATED, 0L),
                        rows.getOrDefault(StagedFile.Kind.UNCHANGED, 0L)));
    }

    /// Each figure under the name that it has in histories and logs.
    public Map<String, Long> figures() {
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put("rows", loaded);
        figures.put("quarantined", quarantined);
        figures.put("dropped", dropped);
        figures.put("inserted", merged.inserted());
        figures.put("updated", merged.updated());
        figures.put("unchanged", merged.unchanged());
        return figures;
    }

    /// All rows that came.
    public long all() {
        return loaded + merged.unchanged() + quarantined + dropped;
    }

    /// The share of rows that are in quarantine, from 0 to 1, of all that came; 0 when none did.
    public double quarantinedShare() {
        return share(quarantined);
    }

    /// The share of rows that were left out because their keys had been loaded, from 0 to 1, of all
    /// that came; 0 when none did.
    public double droppedShare() {
        return share(dropped);
    }

    private double share(long rows) {
        return rows == 0 ? 0 : (double) rows / all();
    }

    /// Such as `300 rows loaded, 20 dropped, 3 in quarantine`.
    @Override
    public String toString() {
        var text = new StringBuilder("%d rows loaded".formatted(loaded));
        if (!merged.isNone()) text.append(", merged: ").append(merged);
        if (dropped > 0) text.append(", %d dropped".formatted(dropped));
        if (quarantined > 0) text.append(", %d in quarantine".formatted(quarantined));
        return text.toString();
    }
}
