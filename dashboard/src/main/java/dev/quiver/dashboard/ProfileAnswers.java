package dev.quiver.dashboard;

import dev.quiver.scheduler.server.TaskProfile;
import dev.quiver.scheduler.server.TaskSampler;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;

/// What tasks were found doing, in this process or on workers of a cluster: asking for it begins
/// the sampling, which ends a while after the last ask.
final class ProfileAnswers implements AutoCloseable {
    /// What is asked for of a board: whose tasks, how finely, and which seconds since 1970.
    static final String ROUTE =
            "/profile/(all|\\d{1,9})/(methods|lines)(?:/(\\d{1,12})/(\\d{1,12}))?";

    private final ProcessProfile process = new ProcessProfile(TaskSampler.PATIENCE);

    /// @param path as [#ROUTE] has it, its groups behind that of the board
    byte[] of(Board board, Matcher path) {
        Optional<Integer> worker =
                Optional.of(path.group(2)).filter(who -> !who.equals("all")).map(Integer::valueOf);
        var detail = ProfileJson.Detail.valueOf(path.group(3).toUpperCase(Locale.ROOT));
        Optional<ProfileJson.Range> range =
                Optional.ofNullable(path.group(4))
                        .map(from ->
                                new ProfileJson.Range(
                                        Long.parseLong(from), Long.parseLong(path.group(5))));
        Optional<TaskProfile> remote = board.profiles().map(all -> all.look(worker));
        return ProfileJson.of(remote.orElseGet(process::look), remote.isPresent(), range, detail);
    }

    @Override
    public void close() {
        process.close();
    }
}
