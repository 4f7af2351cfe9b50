package dev.quiver.deploy;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.ScalingStatus;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.columnar.memory.ByteSize;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a cluster says of itself, for people.
final class ClusterText {
    private ClusterText() {}

    /// Asks a scheduler who is there.
    static String status(List<SchedulerAddress> places) {
        Answer.Members members =
                SchedulerOption.ask(places, new Question.Members(), Answer.Members.class);
        var lines = new ArrayList<String>();
        lines.add(
                "cluster quiver://%s: %d workers, %d clients"
                        .formatted(
                                SchedulerAddress.text(places),
                                members.workers().size(),
                                members.clients()));
        members.scaling().map(ClusterText::scaling).ifPresent(lines::add);
        boolean spilled = members.workers().stream().anyMatch(m -> m.spilledBytes() > 0);
        int name = members.workers().stream().mapToInt(m -> m.name().length()).max().orElse(0);
        String format = "%%6s  %%-%ds  %%5s  %%-18s%%s  %%s".formatted(Math.max(name, 4));
        if (!members.workers().isEmpty())
            lines.add(
                    System.lineSeparator()
                            + format.formatted(
                                    "worker",
                                    "name",
                                    "slots",
                                    "memory",
                                    spilled ? "  spilled " : "",
                                    "gives data at"));
        List<Answer.Member> ordered =
                members.workers().stream()
                        .sorted(Comparator.comparing(member -> member.address().worker()))
                        .toList();
        for (Answer.Member member : ordered)
            lines.add(
                    format.formatted(
                            member.address().worker(),
                            member.name(),
                            member.slotsBusy() + "/" + member.slots(),
                            ByteSize.text(member.memoryBytes())
                                    + " of "
                                    + ByteSize.text(member.memoryBytesMax()),
                            spilled ? "  %-8s".formatted(ByteSize.text(member.spilledBytes())) : "",
                            member.address().host()
                                    + ":"
                                    + member.address().port()
                                    + leaving(members, member)));
        addBlock(lines, ordered.stream().filter(m -> !m.after().isEmpty()).map(ClusterText::end));
        addBlock(lines, members.departed().stream().map(ClusterText::departure));
        return String.join("\n", lines);
    }

    private static String scaling(ScalingStatus status) {
        return "%d to %d workers as needed: %d started, %d wanted for %d tasks of %s s in all"
                .formatted(
                        status.workersMin(),
                        status.workersMax(),
                        status.workers(),
                        status.wanted(),
                        status.tasks(),
                        status.workMillis() / 1000);
    }

    /// What it has left, of a worker that is to leave.
    private static String leaving(Answer.Members members, Answer.Member member) {
        return members.retirements().stream()
                .filter(status -> status.worker() == member.address().worker())
                .map(status ->
                        "  retiring: %d tasks, %d outputs of %s left"
                                .formatted(
                                        status.tasks(),
                                        status.outputs(),
                                        ByteSize.text(status.bytes())))
                .findFirst()
                .orElse("");
    }

    private static void addBlock(List<String> lines, Stream<String> block) {
        String text = block.collect(Collectors.joining("\n"));
        if (!text.isEmpty()) lines.add(System.lineSeparator() + text);
    }

    private static String departure(Answer.Departed one) {
        return "worker %d '%s': %s".formatted(one.worker(), one.name(), one.why());
    }

    private static String end(Answer.Member member) {
        return "'%s' was started again; before, it ended: %s"
                .formatted(member.name(), member.after());
    }
}
