package dev.quiver.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinkTest {
    @Test
    void every_message_arrives_once_and_in_order_over_a_network_that_loses_repeats_and_reorders() {
        String chosen = System.getProperty("seed", "").strip();
        long first = chosen.isEmpty() ? 1 : Long.parseLong(chosen);
        long last = chosen.isEmpty() ? 200 : first;
        for (long seed = first; seed <= last; seed++) {
            List<Integer> arrived = carry(seed, 300);

            List<Integer> sent = IntStream.range(0, 300).boxed().toList();
            assertEquals(sent, arrived, "-Dseed=" + seed);
        }
    }

    private static List<Integer> carry(long seed, int count) {
        var random = new SplittableRandom(seed);
        var forth = new ArrayList<Frame<Integer>>();
        var back = new ArrayList<Frame<Integer>>();
        var arrived = new ArrayList<Integer>();
        var sender = new Link<Integer, Integer>(1, 10, forth::add, m -> {});
        var receiver = new Link<Integer, Integer>(1, 10, back::add, arrived::add);
        int sent = 0;
        for (int now = 0; sent < count || !sender.isQuiet(); now++) {
            if (sent < count && random.nextInt(3) > 0) {
                sender.send(sent++, now);
            }
            // Bursts: a wire that gives less than is sent again only grows longer.
            for (int burst = random.nextInt(8); burst > 0; burst--) {
                move(random, forth, receiver, now);
                move(random, back, sender, now);
            }
            if (now % 7 == 0) {
                sender.tick(now);
                receiver.tick(now);
            }
        }
        return arrived;
    }

    private static void move(
            SplittableRandom random, List<Frame<Integer>> wire, Link<?, Integer> to, int now) {
        if (wire.isEmpty()) {
            return;
        }
        int which = random.nextInt(Math.min(4, wire.size()));
        int fate = random.nextInt(10);
        if (fate > 0) {
            to.receive(wire.get(which), now);
        }
        if (fate < 9) {
            wire.remove(which);
        }
    }

    @Test
    void a_frame_of_another_connection_is_no_sign_of_life() {
        var link = new Link<String, String>(2, 10, f -> {}, m -> {});

        assertFalse(link.receive(new Frame.Acknowledging<>(1, 0), 0));
        assertTrue(link.receive(new Frame.Acknowledging<>(2, 0), 0));
    }
}
