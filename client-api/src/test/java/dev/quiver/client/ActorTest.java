package dev.quiver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.dataframe.QFuture;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TaskFailed;
import dev.quiver.error.Unavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Objects that live on the one worker of a local session, which has one slot.
@Timeout(60)
final class ActorTest {
    private final Session q = Quiver.local(Options.defaults().slots(1).memory("64MB").quiet());

    interface Ledger {
        CompletableFuture<Integer> add(String entry);

        List<String> entries();

        void clear();

        int fail(String why);
    }

    static final class Notes implements Ledger {
        private final List<String> entries = new ArrayList<>();

        @Override
        public CompletableFuture<Integer> add(String entry) {
            entries.add(entry);
            return CompletableFuture.completedFuture(entries.size());
        }

        @Override
        public List<String> entries() {
            return entries;
        }

        @Override
        public void clear() {
            entries.clear();
        }

        @Override
        public int fail(String why) {
            throw new IllegalStateException(why);
        }
    }

    @AfterEach
    void close() {
        q.close();
    }

    @Test
    void calls_reach_it_in_order_and_their_results_come_back() throws Exception {
        try (Actor<Ledger> ledger = q.actor(Ledger.class, Notes::new)) {
            List<CompletableFuture<Integer>> sizes =
                    IntStream.range(0, 100).mapToObj(i -> ledger.get().add("n" + i)).toList();

            List<String> entries = ledger.get().entries();

            assertThat(entries).isEqualTo(IntStream.range(0, 100).mapToObj(i -> "n" + i).toList());
            assertThat(sizes.get(99).get()).isEqualTo(100);
        }
    }

    @Test
    void what_it_is_given_and_gives_are_copies() {
        try (Actor<Ledger> ledger = q.actor(Ledger.class, Notes::new)) {
            ledger.get().entries().add("not there");

            assertThat(ledger.get().entries()).isEmpty();
        }
    }

    @Test
    void a_large_value_goes_another_way_and_leaves_nothing_behind() {
        try (Actor<Ledger> ledger = q.actor(Ledger.class, Notes::new)) {
            String large = "x".repeat(300_000);

            ledger.get().add(large);

            assertThat(ledger.get().entries()).containsExactly(large);
            assertThat(q.catalog().names()).isEmpty();
        }
    }

    @Test
    void what_it_throws_reaches_the_caller_and_it_lives_on() {
        try (Actor<Ledger> ledger = q.actor(Ledger.class, Notes::new)) {
            ledger.get().add("kept");

            assertThatThrownBy(() -> ledger.get().fail("no paper"))
                    .isInstanceOf(TaskFailed.class)
                    .hasMessageContaining("the actor Ledger threw")
                    .hasMessageContaining("thrown at: ActorTest.java")
                    .hasRootCauseMessage("no paper");

            assertThat(ledger.get().entries()).containsExactly("kept");
        }
    }

    @Test
    void one_that_could_not_be_made_says_why_at_each_call() {
        try (Actor<Ledger> ledger =
                q.actor(
                        Ledger.class,
                        () -> {
                            throw new IllegalStateException("no room");
                        })) {
            assertThatThrownBy(() -> ledger.get().entries()).hasMessageContaining("no room");
            assertThatThrownBy(() -> ledger.get().add("more").get())
                    .satisfiesAnyOf(
                            e -> assertThat(e).hasMessageContaining("no room"),
                            e -> assertThat(e).isInstanceOf(ExecutionException.class));
        }
    }

    @Test
    void an_actor_that_waits_needs_no_slot_and_tasks_may_call_their_own() {
        try (Actor<Ledger> ledger = q.actor(Ledger.class, Notes::new)) {
            ledger.get().add("first");

            QFuture<Integer> task =
                    q.submit(() -> {
                        try (Actor<Ledger> own = Quiver.current().actor(Ledger.class, Notes::new)) {
                            own.get().add("a");
                            own.get().add("b");
                            return own.get().entries().size();
                        }
                    });

            assertThat(task.result()).isEqualTo(2);
            assertThat(ledger.get().entries()).containsExactly("first");
        }
    }

    @Test
    void closing_lets_calls_end_that_were_made_and_refuses_others() throws Exception {
        Actor<Ledger> ledger = q.actor(Ledger.class, Notes::new);
        CompletableFuture<Integer> last = ledger.get().add("last");

        ledger.close();

        assertThat(last.get()).isEqualTo(1);
        assertThatThrownBy(() -> ledger.get().clear())
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("the actor Ledger was closed");
    }

    @Test
    void calls_end_with_their_session() {
        Session other = Quiver.local(Options.defaults().slots(1).memory("64MB").quiet());
        Actor<Ledger> ledger = other.actor(Ledger.class, Notes::new);
        ledger.get().clear();

        other.close();

        assertThatThrownBy(() -> ledger.get().clear()).isInstanceOf(QuiverException.class);
        ledger.close();
    }

    @Test
    void a_class_is_no_interface() {
        assertThatThrownBy(() -> q.actor(Notes.class, Notes::new))
                .hasMessageContaining("an actor of the class")
                .hasMessageContaining("give an interface that the class implements");
    }

    interface Box {
        int put(Object thing);

        int size();
    }

    static final class Things implements Box, Restorable<List<Object>> {
        private final List<Object> things = new ArrayList<>();

        @Override
        public int put(Object thing) {
            things.add(thing);
            return things.size();
        }

        @Override
        public int size() {
            return things.size();
        }

        @Override
        public List<Object> snapshot() {
            return things;
        }

        @Override
        public void restore(List<Object> state) {
            things.addAll(state);
        }
    }

    @Test
    void a_call_whose_snapshot_cannot_be_kept_is_undone() {
        try (Actor<Box> box = q.actor(Box.class, Things::new)) {
            box.get().put("kept");

            assertThatThrownBy(() -> box.get().put("x".repeat(2_000_000)))
                    .hasMessageContaining("the snapshot of an actor has")
                    .hasMessageContaining("most: 1.0 MB")
                    .hasMessageContaining("keep what is large in files");

            assertThat(box.get().put("x".repeat(200_000))).isEqualTo(2);
            assertThat(box.get().size()).isEqualTo(2);
        }
    }

    @Test
    void tasks_call_one_that_they_were_given() {
        try (Actor<Box> box = q.actor(Box.class, Things::new)) {
            Box inside = box.get();

            List<QFuture<Integer>> sizes = q.map(inside::put, List.of("a", "b", "c"));
            q.gather(sizes);

            assertThat(q.submit(() -> box.get().size()).result()).isEqualTo(3);
        }
    }

    @Test
    void in_a_strict_session_tasks_call_the_same_object_through_what_has_travelled() {
        try (Session strict =
                        Quiver.local(Options.defaults().slots(1).memory("64MB").quiet().strict());
                Actor<Box> box = strict.actor(Box.class, Things::new)) {
            Box inside = box.get();

            strict.gather(strict.map(inside::put, List.of("a", "b", "c")));
            QFuture<Integer> last = strict.submit(() -> box.get().put("d"));

            assertThat(last.result()).isEqualTo(4);
            assertThat(inside.size()).isEqualTo(4);
        }
    }
}
