package dev.quiver.scheduler.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.protocol.TaskSamples;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Workers are sampled while somebody looks at them, and what they found is kept as long.
final class WorkerProfilesTest {
    private final List<Integer> there = new ArrayList<>(List.of(0, 1));
    private final List<Integer> asked = new ArrayList<>();
    private long nanos;
    private final WorkerProfiles profiles =
            new WorkerProfiles(
                    new WorkerProfiles.Workers() {
                        @Override
                        public List<Integer> numbers() {
                            return List.copyOf(there);
                        }

                        @Override
                        public void sample(int worker) {
                            asked.add(worker);
                        }
                    },
                    () -> nanos);

    private static TaskSamples samples(TaskSamples.Means means, int count) {
        long now = System.currentTimeMillis();
        var found = new TaskSamples.Found(now / 1000, count, List.of(0, 1));
        return new TaskSamples(now, means, 300, List.of("sort", "A.a:1"), List.of(found));
    }

    private static int count(TaskProfile profile) {
        return profile.book().counts(profile.workers()::contains).stream()
                .mapToInt(ProfileBook.Count::samples)
                .sum();
    }

    @Test
    void one_worker_is_asked_again_before_it_would_end_and_others_are_left_alone() {
        profiles.look(Optional.of(1));
        profiles.look(Optional.of(1));
        profiles.take(1, samples(TaskSamples.Means.PROCESSOR_TIME, 5));
        profiles.take(0, samples(TaskSamples.Means.PROCESSOR_TIME, 7));
        nanos += 3_000_000_000L;
        TaskProfile later = profiles.look(Optional.of(1));

        assertThat(asked).containsExactly(1, 1);
        assertThat(later.workers()).containsExactly(1);
        assertThat(later.of()).isEqualTo(2);
        assertThat(count(later)).isEqualTo(5);
        assertThat(later.means()).contains(TaskSamples.Means.PROCESSOR_TIME);
    }

    @Test
    void of_many_workers_so_many_are_sampled_at_once_and_it_is_told_of_how_many() {
        there.addAll(IntStream.range(2, 40).boxed().toList());

        TaskProfile all = profiles.look(Optional.empty());

        assertThat(asked).hasSize(WorkerProfiles.WORKERS_MAX).startsWith(0, 1, 2);
        assertThat(all.workers()).isEqualTo(asked);
        assertThat(all.of()).isEqualTo(40);
    }

    @Test
    void what_was_found_of_a_worker_that_goes_stays_while_somebody_looks_and_then_goes() {
        profiles.look(Optional.of(1));
        profiles.take(1, samples(TaskSamples.Means.PROCESSOR_TIME, 5));
        there.remove(1);
        TaskProfile after = profiles.look(Optional.of(1));
        nanos += TaskSampler.PATIENCE.toNanos();
        profiles.tick();
        TaskProfile later = profiles.look(Optional.of(1));

        assertThat(count(after)).isEqualTo(5);
        assertThat(later.workers()).isEmpty();
        assertThat(count(later)).isZero();
    }

    @Test
    void one_that_cannot_sample_does_not_hide_the_others() {
        profiles.look(Optional.empty());
        profiles.take(0, samples(TaskSamples.Means.TIME, 2));
        profiles.take(1, samples(TaskSamples.Means.NONE, 1));

        TaskProfile all = profiles.look(Optional.empty());

        assertThat(all.means()).contains(TaskSamples.Means.TIME);
        assertThat(all.readingMicros()).isEqualTo(600);
    }

    @Test
    void samples_that_name_what_was_not_told_are_refused() {
        var found = List.of(new TaskSamples.Found(1, 1, List.of(2)));
        var names = List.of("sort");

        assertThatThrownBy(() -> new TaskSamples(1, TaskSamples.Means.TIME, 0, names, found))
                .hasMessage("name 2 of 1 names");
    }
}
