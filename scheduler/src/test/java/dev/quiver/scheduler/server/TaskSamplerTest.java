package dev.quiver.scheduler.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.protocol.TaskSamples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Sampling begins when somebody asks for it, and ends when nobody does.
final class TaskSamplerTest {
    @Test
    void sampling_ends_a_while_after_the_last_ask() throws InterruptedException {
        var ended = new CountDownLatch(1);
        try (var sampler = new TaskSampler(Duration.ofMillis(200), ended::countDown)) {
            boolean before = sampler.isOn();
            sampler.ask();
            boolean after = sampler.isOn();
            boolean hasEnded = ended.await(30, TimeUnit.SECONDS);

            assertThat(before).isFalse();
            assertThat(after).isTrue();
            assertThat(hasEnded).isTrue();
            assertThat(sampler.isOn()).isFalse();
            assertThat(sampler.take()).isEmpty();
        }
    }

    @Test
    void what_was_gathered_is_told_once_with_its_names() {
        var gathered = new GatheredSamples();
        gathered.add(7, List.of("sort", "A.a:1"));
        gathered.add(7, List.of("sort", "A.a:1"));
        gathered.add(8, List.of("sort", "B.b:2"));
        Optional<TaskSamples> early = gathered.take();
        gathered.told(TaskSamples.Means.TIME, 90);

        TaskSamples told = gathered.take().orElseThrow();

        assertThat(early).isEmpty();
        assertThat(gathered.take()).isEmpty();
        assertThat(told.names()).containsExactly("sort", "A.a:1", "B.b:2");
        assertThat(told.found())
                .containsExactly(
                        new TaskSamples.Found(7, 2, List.of(0, 1)),
                        new TaskSamples.Found(8, 1, List.of(0, 2)));
        assertThat(told.readingMicros()).isEqualTo(90);
    }

    @Test
    void of_too_many_stacks_the_last_ones_are_told_together_and_long_names_are_clipped() {
        var gathered = new GatheredSamples();
        String name = "x".repeat(GatheredSamples.LETTERS_MAX) + ".y:1";
        for (int i = 0; i < GatheredSamples.STACKS_MAX + 30; i++)
            gathered.add(7, List.of(name, "stack " + i));
        gathered.told(TaskSamples.Means.TIME, 90);

        TaskSamples told = gathered.take().orElseThrow();

        assertThat(told.found()).hasSize(GatheredSamples.STACKS_MAX + 1);
        assertThat(told.found().getLast().samples()).isEqualTo(30);
        assertThat(told.stack(told.found().getLast())).containsExactly(ProfileBook.OTHERS);
        assertThat(told.names().getFirst())
                .hasSize(GatheredSamples.LETTERS_MAX)
                .startsWith("…x")
                .endsWith("x.y:1");
    }
}
