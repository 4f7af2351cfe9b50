package dev.quiver.columnar.kernel.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FloorDivisionTest {
    private static final int NUMBERS = 100_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 60, 1000, 8191, 8192, 86_400, 1_000_000, 86_400_000_000L, 1L << 61})
    void quotient_and_remainder_are_exact_for_every_number(long divisor) {
        var random = new Random(divisor);
        var division = new FloorDivision(divisor);

        for (int i = 0; i < NUMBERS; i++) {
            long near = random.nextLong() / divisor * divisor + random.nextInt(3) - 1;
            long number = random.nextBoolean() ? near : random.nextLong() >> random.nextInt(64);
            assertThat(division.quotient(number)).isEqualTo(Math.floorDiv(number, divisor));
            assertThat(division.remainder(number)).isEqualTo(Math.floorMod(number, divisor));
        }
        for (long number : new long[] {Long.MIN_VALUE, Long.MAX_VALUE, 0, -1, 1})
            assertThat(division.quotient(number)).isEqualTo(Math.floorDiv(number, divisor));
    }
}
