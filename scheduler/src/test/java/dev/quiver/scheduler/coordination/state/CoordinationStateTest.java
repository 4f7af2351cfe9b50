package dev.quiver.scheduler.coordination.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.error.ErrorCode;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.CoordinationAnswer;
import dev.quiver.protocol.CoordinationFact;
import dev.quiver.protocol.CoordinationRequest;
import dev.quiver.protocol.CoordinationRequest.Kind;
import dev.quiver.protocol.CoordinationRequest.Patience;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CoordinationStateTest {
    private static final long A = 1;
    private static final long B = 2;
    private static final long C = 3;
    private static final CoordinationAnswer DONE = new CoordinationAnswer.Done();
    private static final CoordinationAnswer NOT_NOW = new CoordinationAnswer.NotNow();

    private final TreeMap<Long, CoordinationAnswer> answers = new TreeMap<>();
    private final CoordinationState state =
            new CoordinationState((_, request, answer) -> answers.put(request, answer));
    private long requests;

    @AfterEach
    void everything_holds_that_must() {
        state.checkInvariants();
    }

    /// @return the request's number
    private long ask(long client, CoordinationRequest what) {
        state.asked(client, ++requests, what);
        state.checkInvariants();
        return requests;
    }

    private Optional<CoordinationAnswer> answer(long request) {
        return Optional.ofNullable(answers.get(request));
    }

    private CoordinationAnswer answered(long client, CoordinationRequest what) {
        return answer(ask(client, what)).orElseThrow();
    }

    private static CoordinationAnswer number(long value) {
        return new CoordinationAnswer.Count(value);
    }

    private static Bytes bytes(int... values) {
        var array = new byte[values.length];
        for (int i = 0; i < values.length; i++) array[i] = (byte) values[i];
        return Bytes.of(array);
    }

    private static CoordinationAnswer value(int... values) {
        return new CoordinationAnswer.Value(bytes(values));
    }

    private static CoordinationRequest lock(Patience patience) {
        return new CoordinationRequest.Acquire(Kind.LOCK, "l", 1, 1, patience);
    }

    private static CoordinationRequest unlock(long token) {
        return new CoordinationRequest.Release(Kind.LOCK, "l", token);
    }

    private static CoordinationRequest permits(int count) {
        return new CoordinationRequest.Acquire(Kind.SEMAPHORE, "s", 3, count, Patience.ENDLESS);
    }

    private static CoordinationRequest put(int value) {
        return new CoordinationRequest.Put("q", 2, bytes(value), Patience.ENDLESS);
    }

    private static CoordinationRequest take() {
        return new CoordinationRequest.Take("q", 2, Patience.ENDLESS);
    }

    @Test
    void a_lock_goes_to_who_came_first_with_growing_tokens() {
        long first = ask(A, lock(Patience.ENDLESS));
        long second = ask(B, lock(Patience.ENDLESS));
        long third = ask(C, lock(Patience.ENDLESS));

        assertThat(answer(first)).contains(number(1));
        assertThat(answer(second)).isEmpty();
        ask(A, unlock(1));
        assertThat(answer(second)).contains(number(2));
        ask(B, unlock(2));
        assertThat(answer(third)).contains(number(3));
    }

    @Test
    void who_does_not_want_to_wait_is_told_so() {
        ask(A, lock(Patience.ENDLESS));

        assertThat(answered(B, lock(Patience.NONE))).isEqualTo(NOT_NOW);
    }

    @Test
    void nobody_releases_what_another_holds() {
        ask(A, lock(Patience.ENDLESS));

        ask(B, unlock(1));

        assertThat(answered(C, lock(Patience.NONE))).isEqualTo(NOT_NOW);
    }

    @Test
    void a_lost_client_gives_back_what_it_held_and_waits_for_nothing() {
        ask(A, lock(Patience.ENDLESS));
        long waiting = ask(B, lock(Patience.ENDLESS));
        long behind = ask(C, lock(Patience.ENDLESS));

        state.lost(B);
        state.lost(A);

        assertThat(answer(waiting)).isEmpty();
        assertThat(answer(behind)).contains(number(2));
        assertThat(state.knows(A)).isFalse();
    }

    @Test
    void few_permits_do_not_overtake_many() {
        ask(A, permits(2));
        long many = ask(B, permits(3));
        long few = ask(C, permits(1));

        assertThat(answer(few)).isEmpty();
        state.withdrawn(B, many);
        assertThat(answer(many)).contains(NOT_NOW);
        assertThat(answer(few)).contains(number(2));
        assertThat(answered(A, new CoordinationRequest.CountFree(Kind.SEMAPHORE, "s", 3)))
                .isEqualTo(number(0));
    }

    @Test
    void all_name_the_same_number_of_permits() {
        ask(A, permits(2));

        CoordinationAnswer answer =
                answered(
                        B,
                        new CoordinationRequest.Acquire(
                                Kind.SEMAPHORE, "s", 5, 1, Patience.ENDLESS));

        assertThat(answer).isInstanceOf(CoordinationAnswer.Refused.class);
    }

    @Test
    void an_event_lets_all_go_until_it_is_cleared() {
        long first = ask(A, new CoordinationRequest.AwaitEvent("e", Patience.ENDLESS));
        long second = ask(B, new CoordinationRequest.AwaitEvent("e", Patience.ENDLESS));

        ask(C, new CoordinationRequest.SetEvent("e"));

        assertThat(answer(first)).contains(DONE);
        assertThat(answer(second)).contains(DONE);
        ask(C, new CoordinationRequest.ClearEvent("e"));
        assertThat(answered(A, new CoordinationRequest.AwaitEvent("e", Patience.NONE)))
                .isEqualTo(NOT_NOW);
    }

    @Test
    void a_full_queue_and_an_empty_one_are_waited_for() {
        long empty = ask(A, take());
        ask(B, put(1));
        assertThat(answer(empty)).contains(value(1));
        ask(B, put(2));
        ask(B, put(3));
        long full = ask(B, put(4));

        assertThat(answer(full)).isEmpty();
        assertThat(answered(A, take())).isEqualTo(value(2));
        assertThat(answer(full)).contains(DONE);
        assertThat(answered(A, new CoordinationRequest.CountQueued("q", 2))).isEqualTo(number(2));
    }

    @Test
    void a_value_that_was_taken_in_vain_is_the_next_again() {
        ask(A, put(1));
        ask(A, put(2));
        long inVain = ask(B, take());

        state.abandoned(B, inVain);

        assertThat(answered(C, take())).isEqualTo(value(1));
    }

    @Test
    void a_value_that_has_arrived_does_not_come_back() {
        ask(A, put(1));
        ask(A, put(2));
        long arrived = ask(B, take());
        state.taken(B, List.of(arrived));

        state.abandoned(B, arrived);

        assertThat(answered(C, take())).isEqualTo(value(2));
    }

    @Test
    void a_hold_that_was_given_in_vain_is_given_back() {
        long inVain = ask(A, lock(Patience.ENDLESS));
        long waiting = ask(B, lock(Patience.ENDLESS));

        state.abandoned(A, inVain);

        assertThat(answer(waiting)).contains(number(2));
    }

    @Test
    void deleting_tells_who_waits() {
        long waiting = ask(A, take());

        ask(B, new CoordinationRequest.Delete(Kind.QUEUE, "q"));

        assertThat(answer(waiting).orElseThrow())
                .isInstanceOfSatisfying(
                        CoordinationAnswer.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void a_variable_is_read_by_all_once_it_is_set() {
        long early = ask(A, new CoordinationRequest.GetVariable("v", Patience.ENDLESS));

        ask(B, new CoordinationRequest.SetVariable("v", bytes(7)));
        ask(B, new CoordinationRequest.SetVariable("v", bytes(8, 9)));

        assertThat(answer(early)).contains(value(7));
        assertThat(answered(C, new CoordinationRequest.GetVariable("v", Patience.NONE)))
                .isEqualTo(value(8, 9));
    }

    @Test
    void a_latch_opens_once_and_stays_open() {
        long waiting = ask(A, new CoordinationRequest.AwaitLatch("c", 3, Patience.ENDLESS));

        assertThat(answered(B, new CoordinationRequest.CountDown("c", 3, 2))).isEqualTo(number(1));
        assertThat(answer(waiting)).isEmpty();
        assertThat(answered(B, new CoordinationRequest.CountDown("c", 3, 9))).isEqualTo(number(0));

        assertThat(answer(waiting)).contains(DONE);
        assertThat(answered(C, new CoordinationRequest.AwaitLatch("c", 3, Patience.NONE)))
                .isEqualTo(DONE);
    }

    @Test
    void a_counter_counts_and_refuses_what_is_beyond_64_bits() {
        assertThat(answered(A, new CoordinationRequest.Add("n", 5))).isEqualTo(number(5));
        assertThat(answered(B, new CoordinationRequest.Add("n", -7))).isEqualTo(number(-2));
        assertThat(answered(B, new CoordinationRequest.SetCounter("n", Long.MAX_VALUE)))
                .isEqualTo(number(-2));

        assertThat(answered(B, new CoordinationRequest.Add("n", 1)))
                .isInstanceOfSatisfying(
                        CoordinationAnswer.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.OVERFLOW));
    }

    private CoordinationAnswer next(long client, long subscription, long from) {
        return answered(
                client, new CoordinationRequest.Next("t", subscription, from, Patience.NONE));
    }

    @Test
    void who_has_subscribed_is_told_in_order_and_again_until_it_goes_on() {
        ask(A, new CoordinationRequest.Publish("t", bytes(0)));
        assertThat(answered(B, new CoordinationRequest.Subscribe("t"))).isEqualTo(number(1));
        assertThat(answered(C, new CoordinationRequest.Subscribe("t"))).isEqualTo(number(2));
        long waiting = ask(B, new CoordinationRequest.Next("t", 1, 0, Patience.ENDLESS));

        ask(A, new CoordinationRequest.Publish("t", bytes(1)));
        ask(A, new CoordinationRequest.Publish("t", bytes(2)));

        assertThat(answer(waiting))
                .contains(new CoordinationAnswer.Values(1, 0, List.of(bytes(1))));
        var both = new CoordinationAnswer.Values(2, 0, List.of(bytes(1), bytes(2)));
        assertThat(next(C, 2, 0)).isEqualTo(both);
        assertThat(next(C, 2, 0)).isEqualTo(both);
        assertThat(next(C, 2, 2)).isEqualTo(NOT_NOW);
    }

    @Test
    void who_is_slow_misses_the_oldest() {
        ask(B, new CoordinationRequest.Subscribe("t"));

        for (int i = 0; i < Topic.VALUES_MAX + 10; i++)
            ask(A, new CoordinationRequest.Publish("t", bytes(i)));

        assertThat(next(B, 1, 0))
                .isInstanceOfSatisfying(
                        CoordinationAnswer.Values.class,
                        values -> {
                            assertThat(values.missed()).isEqualTo(10);
                            assertThat(values.values().getFirst()).isEqualTo(bytes(10));
                        });
    }

    @Test
    void a_subscription_that_has_ended_waits_for_nothing() {
        ask(B, new CoordinationRequest.Subscribe("t"));
        long waiting = ask(B, new CoordinationRequest.Next("t", 1, 0, Patience.ENDLESS));

        ask(B, new CoordinationRequest.Unsubscribe("t", 1));

        assertThat(answer(waiting).orElseThrow()).isInstanceOf(CoordinationAnswer.Refused.class);
    }

    @Test
    void a_repeated_request_is_answered_as_before() {
        long request = ask(A, lock(Patience.ENDLESS));
        answers.clear();

        state.asked(A, request, lock(Patience.ENDLESS));

        assertThat(answer(request)).contains(number(1));
    }

    @Test
    void answers_are_told_again_until_they_are_taken() {
        long request = ask(A, lock(Patience.ENDLESS));
        answers.clear();

        state.retell(A);
        assertThat(answer(request)).contains(number(1));
        answers.clear();
        state.taken(A, List.of(request));
        state.retell(A);

        assertThat(answer(request)).isEmpty();
    }

    @Test
    void values_beyond_what_is_kept_are_refused() {
        var large = Bytes.of(new byte[CoordinationRequest.VALUE_BYTES_MAX]);
        int count = (int) (Room.BYTES_MAX / large.size());
        for (int i = 0; i < count; i++) ask(A, new CoordinationRequest.SetVariable("v" + i, large));

        CoordinationAnswer answer = answered(A, new CoordinationRequest.SetVariable("w", large));

        assertThat(answer)
                .isInstanceOfSatisfying(
                        CoordinationAnswer.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.MEMORY_REFUSED));
    }

    @Test
    void nothing_is_left_of_what_was_used_up() {
        long hold = ask(A, lock(Patience.ENDLESS));
        long gone = ask(A, unlock(1));
        long in = ask(A, put(1));
        long out = ask(B, take());
        state.taken(A, List.of(hold, gone, in));
        state.taken(B, List.of(out));

        List<CoordinationFact> facts = new ArrayList<>(state.facts());

        assertThat(facts).containsExactly(new CoordinationFact.Given(1));
        assertThat(state.knows(A)).isFalse();
    }
}
