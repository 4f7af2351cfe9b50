package dev.quiver.io.csv.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The parser of decimal numbers against the JDK's.
class DecimalTextTest {
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment bytes = arena.allocate(1024);

    @AfterEach
    void free() {
        arena.close();
    }

    private long parse(String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        MemorySegment.copy(ascii, 0, bytes, ValueLayout.JAVA_BYTE, 8, ascii.length);
        return DecimalText.parse(bytes, 8, 8 + ascii.length);
    }

    private void check(String text) {
        assertThat(parse(text))
                .as(text)
                .isEqualTo(Double.doubleToRawLongBits(Double.parseDouble(text)));
    }

    @Test
    void random_numbers_are_rounded_as_the_jdk_rounds_them() {
        String given = System.getProperty("seed", "");
        long seed = given.isEmpty() ? new Random().nextLong() : Long.parseLong(given);
        System.out.println("DecimalTextTest -Dseed=" + seed);
        var random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            double any = Double.longBitsToDouble(random.nextLong());
            if (!Double.isFinite(any)) continue;
            check(Double.toString(any));
            check(Double.toString(random.nextDouble()));
            String digits = Long.toString(random.nextLong());
            int exponent = random.nextInt(180) - 90;
            check(digits + "e" + exponent);
            check(new BigDecimal(digits).movePointLeft(random.nextInt(25)).toPlainString());
        }
    }

    @Test
    void halfway_and_extreme_numbers_are_rounded_right() {
        for (String text :
                new String[] {
                    "0",
                    "-0",
                    "-0.0",
                    "1",
                    "9007199254740993",
                    "9007199254740992.5",
                    "9007199254740991.5",
                    "1e22",
                    "1e23",
                    "8.5e22",
                    "1.7976931348623157e308",
                    "1e400",
                    "4.9e-324",
                    "2e-324",
                    "2.2250738585072011e-308",
                    "123456789012345678901234567890",
                    "0.000000000000000000000000000000000000000000123456789012345678",
                    "1e-400",
                    "9223372036854775807",
                    "9999999999999999999",
                    "18446744073709551616",
                    "5e-20",
                    "1.00000000000000011102230246251565404",
                    "6.8985490124e-311"
                }) check(text);
    }

    @Test
    void what_is_no_decimal_number_is_refused() {
        for (String text :
                new String[] {
                    "", "-", ".", "-.", "1e", "1e+", "e5", "1.2.3", "1 ", "1f", "+1", "NaN", "0x1",
                    "1e5.0"
                }) assertThat(parse(text)).as(text).isEqualTo(DecimalText.REFUSED);
    }
}
