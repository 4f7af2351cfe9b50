package dev.quiver.cluster.node;

import dev.quiver.client.Published;
import dev.quiver.client.PublishedFrame;
import dev.quiver.client.PublishedObject;
import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.PublishedRows;
import dev.quiver.cluster.control.WorkerAddress;
import dev.quiver.graph.TaskKey;
import dev.quiver.scheduler.server.CatalogEntry;
import dev.quiver.scheduler.state.OutputStatus;
import dev.quiver.scheduler.state.PublishedJob;
import dev.quiver.scheduler.state.SchedulerState;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What a scheduler says of published frames: where their rows are.
final class PublishedJobs {
    private final Map<Integer, WorkerAddress> workers;

    /// @param workers that are there
    PublishedJobs(List<Answer.Member> workers) {
        this.workers =
                workers.stream()
                        .map(Answer.Member::address)
                        .collect(Collectors.toMap(WorkerAddress::worker, address -> address));
    }

    /// All that are in the catalog, by name.
    List<PublishedRows> of(SchedulerState state) {
        var all = new ArrayList<PublishedRows>();
        for (var job : state.catalog()) {
            if (!(Published.decode(job.content()) instanceof PublishedFrame frame)) continue;
            var partitions = new ArrayList<Optional<PublishedRows.Partition>>();
            for (int i = 0; i < frame.parts().size(); i++)
                partitions.add(state.output(new TaskKey(frame.stage(), i)).flatMap(this::at));
            all.add(new PublishedRows(job.name(), frame.stage(), frame.schema(), partitions));
        }
        return all;
    }

    /// All that are in the catalog, by name, for those who look.
    List<CatalogEntry> shown(SchedulerState state) {
        var all = new ArrayList<CatalogEntry>();
        for (PublishedJob job : state.catalog()) {
            all.add(
                    switch (Published.decode(job.content())) {
                        case PublishedFrame(int stage, _, var schema, _, var parts, _) ->
                                shown(state, job.name(), Optional.of(schema), stage, parts.size());
                        case PublishedObject(int stage) ->
                                shown(state, job.name(), Optional.empty(), stage, 1);
                    });
        }
        return all;
    }

    private CatalogEntry shown(
            SchedulerState state, String name, Optional<Schema> schema, int stage, int partitions) {
        List<PublishedRows.Partition> there =
                IntStream.range(0, partitions)
                        .mapToObj(i -> state.output(new TaskKey(stage, i)).flatMap(this::at))
                        .flatMap(Optional::stream)
                        .toList();
        return new CatalogEntry(
                name,
                stage,
                schema,
                partitions,
                partitions - there.size(),
                there.stream().mapToLong(PublishedRows.Partition::rows).sum(),
                there.stream().mapToLong(PublishedRows.Partition::bytes).sum(),
                there.stream().map(part -> part.holder().worker()).distinct().sorted().toList());
    }

    private Optional<PublishedRows.Partition> at(OutputStatus output) {
        return Optional.ofNullable(workers.get(output.worker()))
                .map(holder ->
                        new PublishedRows.Partition(
                                output.attempt(), holder, output.rows(), output.bytes()));
    }
}
