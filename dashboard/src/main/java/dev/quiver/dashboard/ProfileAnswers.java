package dev.quiver.dashboard;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the tasks of this process were found doing: asking for it begins the sampling, which ends a
/// while after the last ask.
final class ProfileAnswers implements AutoCloseable {
    static final String PATH = "/api/v1/profile";

    private static final Pattern ASKED =
            Pattern.compile(PATH + "/(methods|lines)(?:/(\\d{1,12})/(\\d{1,12}))?");

    private final TaskProfiler profiler = new TaskProfiler(TaskProfiler.PATIENCE);

    /// @param boards that are shown
    /// @return empty when nothing is asked for at that path
    Optional<byte[]> find(String path, List<Board> boards) {
        Matcher asked = ASKED.matcher(path);
        if (!asked.matches()) return Optional.empty();
        if (boards.stream().noneMatch(Board::isOfProcess))
            return Optional.of(
                    ProfileJson.none(
                            "No session runs its tasks in this process. Those of a cluster run on"
                                    + " its workers, which aren't sampled: run the query in one"
                                    + " process, or record a worker with JFR."));
        Optional<TaskProfiler.Profile> profile = profiler.look();
        if (profile.isEmpty())
            return Optional.of(
                    ProfileJson.none("This Java has no Flight Recorder: run it on an OpenJDK."));
        Optional<ProfileJson.Range> range =
                Optional.ofNullable(asked.group(2))
                        .map(from ->
                                new ProfileJson.Range(
                                        Long.parseLong(from), Long.parseLong(asked.group(3))));
        var detail = ProfileJson.Detail.valueOf(asked.group(1).toUpperCase(Locale.ROOT));
        return Optional.of(ProfileJson.of(profile.get(), range, detail));
    }

    @Override
    public void close() {
        profiler.close();
    }
}
