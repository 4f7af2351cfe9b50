package dev.quiver.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.Edges;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.operator.Closures;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.JobDescription;
import dev.quiver.scheduler.server.Watched;
import dev.quiver.scheduler.state.SchedulerEvent;
import dev.quiver.scheduler.state.StageStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class StageGraphTest {
    private static final Closures NOTHING = new Closures(_ -> _ -> 1);

    private static StageLine open(int stage, int assigned) {
        var status =
                new StageStatus(stage, "s" + stage, 4, 4 - assigned, 0, assigned, 0, 0, 0, 0, 0, 0);
        return StageLine.opened(stage, 1, stage, "s" + stage, 4).seen(status, 5);
    }

    private static StageLine ended(int stage) {
        return StageLine.opened(stage, 1, stage, "s" + stage, 4).finished(10, 100, 1_000, 7);
    }

    private static List<List<Integer>> stages(StageGraph graph) {
        return graph.groups().stream()
                .map(group ->
                        group.nodes().stream().map(node -> node.line().status().stage()).toList())
                .toList();
    }

    @Test
    void stages_that_read_each_other_are_together_and_those_at_work_come_first() {
        List<StageLine> lines = List.of(ended(1), open(2, 1), ended(3), open(4, 0), ended(5));
        Map<Integer, Set<Integer>> reads = Map.of(2, Set.of(1), 4, Set.of(2, 99), 5, Set.of(3));

        StageGraph graph = StageGraph.of(lines, reads, _ -> Optional.empty());

        assertThat(stages(graph)).containsExactly(List.of(1, 2, 4), List.of(3, 5));
        assertThat(graph.groups().getFirst().nodes().getLast().reads()).containsExactly(2);
        assertThat(graph.others()).isZero();
    }

    @Test
    void a_stage_says_whether_it_waits_runs_is_done_or_has_failed() {
        StageLine failed =
                open(6, 0).seen(new StageStatus(6, "s6", 4, 0, 0, 0, 3, 0, 1, 0, 0, 0), 9);
        StageLine ready =
                open(6, 0).seen(new StageStatus(6, "s6", 4, 3, 1, 0, 0, 0, 0, 0, 0, 0), 9);

        assertThat(List.of(open(1, 0), ready, open(1, 2), ended(1), open(1, 2).left(9), failed))
                .extracting(StageGraph.State::of)
                .containsExactly(
                        StageGraph.State.WAITING,
                        StageGraph.State.READY,
                        StageGraph.State.RUNNING,
                        StageGraph.State.DONE,
                        StageGraph.State.LEFT,
                        StageGraph.State.FAILED);
    }

    @Test
    void of_many_stages_the_oldest_groups_are_counted() {
        var lines = new ArrayList<StageLine>();
        for (int i = 1; i <= 100; i++) lines.add(ended(i));

        StageGraph graph = StageGraph.of(lines, Map.of(), _ -> Optional.empty());

        assertThat(graph.groups()).hasSize(80);
        assertThat(stages(graph).getFirst()).containsExactly(100);
        assertThat(graph.others()).isEqualTo(20);
    }

    @Test
    void the_graph_as_json_names_the_query() {
        var what = new JobDescription("Sort[<b>]", "Report.java:4", List.of(), List.of());
        var job = new JobLine(8, what, 0, -1, "");

        byte[] told =
                GraphJson.of(StageGraph.of(List.of(ended(1)), Map.of(), _ -> Optional.of(job)));

        assertThat(new String(told, StandardCharsets.UTF_8))
                .isEqualTo(
                        """
                        {"version":1,"others":0,"groups":[\
                        {"job":8,"title":"Sort[<b>]","place":"Report.java:4","stages":[\
                        {"id":1,"name":"s1","state":"done","total":4,"waiting":0,"ready":0,\
                        "assigned":0,"finished":4,"dropped":0,"failed":0,"rows":10,"bytes":100,\
                        "reads":[]}]}]}\
                        """);
    }

    @Test
    void the_feed_tells_what_stages_read_and_what_tasks_list() {
        var feed = new TaskFeed(() -> 0, List.of(), Watched.StageFigures.NONE);
        Stage first = Stage.builder(1, "a", NOTHING).build();
        Stage second =
                Stage.builder(2, "b", NOTHING).input(new Dependency.Broadcast(1)).wanted().build();
        Edges edges = Edges.builder().input(2, 0).input(7, 3).endRow().build();

        feed.note(
                said(new ClientMessage.GraphSubmitted(1, graph(first, second), false)), List.of());
        feed.note(said(new ClientMessage.TasksAppended(9, 1, edges)), List.of());

        assertThat(feed.next()).isInstanceOf(TaskFeed.News.JobOpened.class);
        assertThat(feed.next()).isEqualTo(new TaskFeed.News.Opened(1, 1, "a", 1, List.of()));
        assertThat(feed.next()).isEqualTo(new TaskFeed.News.Opened(1, 2, "b", 1, List.of(1)));
        assertThat(feed.next()).isEqualTo(new TaskFeed.News.Grown(9, 1, List.of(2, 7)));
    }

    private static TaskGraph graph(Stage... stages) {
        return new TaskGraph(List.of(stages));
    }

    private static SchedulerEvent said(ClientMessage message) {
        return new SchedulerEvent.ClientSaid(message);
    }
}
