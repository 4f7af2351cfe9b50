package dev.quiver.dataframe.chart;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Round numbers along an axis: 1, 2 or 5 times a power of ten apart.
final class NumberTicks {
    private static final double[] FACTORS = {1, 2, 5, 10};

    /// From here on numbers are written short, such as `12M`.
    private static final double SHORT_FROM = 1e6;

    private NumberTicks() {}

    /// The least round step of which at most `most` are between.
    static double step(double min, double max, int most) {
        double least = (max - min) / most;
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (double factor : FACTORS)
            if (factor * power >= least * (1 - 1e-9)) return factor * power;
        return 10 * power;
    }

    static List<Tick> between(double min, double max, int most) {
        double step = step(min, max, most);
        var ticks = new ArrayList<Tick>();
        long first = (long) Math.ceil(min / step - 1e-9);
        for (long i = first; i * step <= max + step * 1e-9; i++)
            ticks.add(new Tick(i * step, label(i * step, step)));
        return ticks;
    }

    /// A number to the digits that tell it from its neighbours.
    static String label(double value, double step) {
        double size = Math.max(Math.abs(value), step);
        if (size >= 1e15 || size < 1e-4)
            return String.format(Locale.ROOT, "%.3g", value).replaceFirst("\\.?0+(?=e|$)", "");
        if (size >= SHORT_FROM && step >= 1e5) return shortened(value);
        int digits = Math.max(0, (int) Math.ceil(-Math.log10(step) - 1e-9));
        String text = String.format(Locale.ROOT, "%,." + digits + "f", value);
        return text.startsWith("-") && text.matches("-[0.,]+") ? text.substring(1) : text;
    }

    private static String shortened(double value) {
        String unit = "";
        double left = value;
        for (String each : List.of("k", "M", "G", "T")) {
            if (Math.abs(left) < 1000) break;
            left /= 1000;
            unit = each;
        }
        var rounded = new BigDecimal(left).round(new MathContext(4)).stripTrailingZeros();
        return (rounded.signum() == 0 ? "0" : rounded.toPlainString() + unit);
    }
}
