package dev.quiver.scheduler.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.protocol.TaskSamples;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Samples are counted by the second, and only so many are remembered.
final class ProfileBookTest {
    private final ProfileBook book = new ProfileBook();

    private Map<String, Integer> between(long from, long to, int... workers) {
        var found = new TreeMap<String, Integer>();
        book.between(
                from,
                to,
                worker -> workers.length == 0 || worker == workers[0],
                (stack, samples) -> found.merge(String.join(" > ", stack), samples, Integer::sum));
        return found;
    }

    @Test
    void samples_of_some_seconds_and_workers_are_told_together() {
        book.add(0, 100, List.of("filter", "A.a:1"), 1);
        book.add(1, 101, List.of("filter", "A.a:1"), 2);
        book.add(0, 101, List.of("filter", "A.a:1"), 3);
        book.add(0, 102, List.of("sort"), 1);

        Map<String, Integer> some = between(101, 102);
        Map<String, Integer> ofOne = between(0, Long.MAX_VALUE, 1);
        List<ProfileBook.Count> counts = book.counts(worker -> worker == 0);

        assertThat(some).containsExactly(Map.entry("filter > A.a:1", 5));
        assertThat(ofOne).containsExactly(Map.entry("filter > A.a:1", 2));
        assertThat(counts)
                .containsExactly(
                        new ProfileBook.Count(100, 1),
                        new ProfileBook.Count(101, 3),
                        new ProfileBook.Count(102, 1));
    }

    @Test
    void what_is_older_than_some_minutes_goes() {
        for (int second = 0; second < 2 * ProfileBook.SECONDS_MAX; second++)
            book.add(0, second, List.of("sort"), 1);

        assertThat(book.counts(_ -> true)).hasSize(ProfileBook.SECONDS_MAX);
        assertThat(between(0, Long.MAX_VALUE)).containsEntry("sort", ProfileBook.SECONDS_MAX);
    }

    @Test
    void what_comes_after_too_many_stacks_is_counted_together() {
        for (int i = 0; i < ProfileBook.STACKS_MAX + 50; i++)
            book.add(0, 1, List.of("stack " + i), 1);

        Map<String, Integer> all = between(0, 2);

        assertThat(all).hasSize(ProfileBook.STACKS_MAX + 1).containsEntry(ProfileBook.OTHERS, 50);
    }

    @Test
    void so_many_counts_are_kept_and_the_oldest_seconds_go() {
        int each = ProfileBook.COUNTS_MAX / 100;
        for (int second = 0; second < 105; second++)
            for (int i = 0; i < each; i++) book.add(0, second, List.of("stack " + i), 1);

        List<ProfileBook.Count> counts = book.counts(_ -> true);

        assertThat(counts).hasSize(100);
        assertThat(counts.getFirst()).isEqualTo(new ProfileBook.Count(5, each));
    }

    @Test
    void times_of_a_worker_whose_clock_is_off_are_counted_by_the_clock_here() {
        long hour = 3_600_000;
        long now = 1_700_000_000_000L;
        var found = new TaskSamples.Found(now / 1000 + 3600 - 2, 4, List.of(0));
        var samples =
                new TaskSamples(
                        now + hour, TaskSamples.Means.TIME, 0, List.of("sort"), List.of(found));

        book.add(1, samples, now + 200);

        assertThat(book.counts(_ -> true))
                .containsExactly(new ProfileBook.Count(now / 1000 - 2, 4));
    }
}
