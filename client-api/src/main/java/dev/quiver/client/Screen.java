package dev.quiver.client;

import java.io.PrintStream;
import java.util.List;

/// Lines at the bottom of a terminal that are redrawn in place, and what is printed above them.
public final class Screen {
    @SuppressWarnings("SystemOut") // progress is for people
    private static final Screen STANDARD_ERROR = new Screen(System.err);

    private final PrintStream out;
    private int linesDrawn;

    Screen(PrintStream out) {
        this.out = out;
    }

    /// That of this process's standard error.
    public static Screen ofProcess() {
        return STANDARD_ERROR;
    }

    /// Draws lines where those before are.
    synchronized void draw(List<String> lines) {
        var text = new StringBuilder(erasure());
        for (String line : lines) text.append(line).append('\n');
        out.print(text);
        out.flush();
        linesDrawn = lines.size();
    }

    /// Takes the lines away.
    synchronized void clear() {
        out.print(erasure());
        out.flush();
        linesDrawn = 0;
    }

    /// Has something printed to the same terminal. The lines are gone until they are drawn anew.
    public synchronized void print(Runnable printing) {
        if (linesDrawn > 0) clear();
        printing.run();
    }

    /// Moves to the first line drawn and clears from there.
    private String erasure() {
        return linesDrawn == 0 ? "" : "\u001b[%dA\r\u001b[J".formatted(linesDrawn);
    }
}
