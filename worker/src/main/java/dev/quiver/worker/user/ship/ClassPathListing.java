package dev.quiver.worker.user.ship;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A client's class path, as the hashes of its elements in order. Itself a bundle.
record ClassPathListing(List<BundleHash> elements) {
    ClassPathListing {
        elements = List.copyOf(elements);
    }

    byte[] bytes() {
        return Wire.written(out -> {
            out.writeInt(elements.size());
            for (BundleHash element : elements) Wire.write(out, element);
        });
    }

    static ClassPathListing of(byte[] bytes) throws IOException {
        return Wire.read(
                bytes,
                in -> {
                    int count = Wire.readCount(in, "elements of the class path");
                    var elements = new ArrayList<BundleHash>();
                    for (int i = 0; i < count; i++) elements.add(Wire.readHash(in));
                    return new ClassPathListing(elements);
                });
    }
}
