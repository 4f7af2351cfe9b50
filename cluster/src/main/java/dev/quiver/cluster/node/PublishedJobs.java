package dev.quiver.cluster.node;

import dev.quiver.client.Published;
import dev.quiver.client.PublishedFrame;
import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.PublishedRows;
import dev.quiver.cluster.control.WorkerAddress;
import dev.quiver.graph.TaskKey;
import dev.quiver.scheduler.state.OutputStatus;
import dev.quiver.scheduler.state.SchedulerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

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

    private Optional<PublishedRows.Partition> at(OutputStatus output) {
        return Optional.ofNullable(workers.get(output.worker()))
                .map(holder ->
                        new PublishedRows.Partition(
                                output.attempt(), holder, output.rows(), output.bytes()));
    }
}
