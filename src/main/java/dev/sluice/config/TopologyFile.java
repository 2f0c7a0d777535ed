package dev.sluice.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The door to topology files. Reading is strict: unknown and duplicate keys, wrong types and values
 * out of range are mistakes, and all mistakes of a file are reported together.
 *
 * <p>A value may hold {@code ${NAME}} or {@code ${NAME:-default}}, filled in from the environment
 * once the YAML is parsed; {@code $${NAME}} stands for {@code ${NAME}} itself. In the {@code kafka}
 * section other forms, such as {@code ${file:/path:key}}, are left to Kafka.
 */
public final class TopologyFile {

  /** Largest file, in bytes, and most that variables may add to it, in characters. */
  public static final int MAX_SIZE = 1 << 20;

  /** The JSON Schema of these files, a resource beside the classes of this library. */
  public static final String SCHEMA = "/dev/sluice/topology.schema.json";

  private TopologyFile() {}

  /**
   * Reads a file, with the variables of this process.
   *
   * @throws TopologyException if it cannot be read or is not a valid topology
   */
  public static Topology read(Path file) {
    return read(file, System.getenv());
  }

  /**
   * Reads a file, with given variables.
   *
   * @throws TopologyException if it cannot be read or is not a valid topology
   */
  public static Topology read(Path file, Map<String, String> env) {
    String name = file.toString();
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_SIZE + 1);
    } catch (NoSuchFileException e) {
      throw unreadable(name, "there is no such file", "Check the path");
    } catch (IOException e) {
      throw unreadable(name, "it cannot be read", "Check that it is a file you may read");
    }
    if (bytes.length > MAX_SIZE) {
      throw tooLarge(name);
    }
    try {
      var decoder = StandardCharsets.UTF_8.newDecoder();
      return parse(decoder.decode(ByteBuffer.wrap(bytes)).toString(), name, env);
    } catch (CharacterCodingException e) {
      throw unreadable(name, "it is not UTF-8", "Save it as UTF-8");
    }
  }

  /**
   * Parses the text of a file.
   *
   * @param name what messages call it
   * @param env the variables it may use
   * @throws TopologyException if it is not a valid topology, with every mistake in it
   */
  public static Topology parse(String yaml, String name, Map<String, String> env) {
    if (yaml.length() > MAX_SIZE) {
      throw tooLarge(name);
    }
    String text = yaml.startsWith("\uFEFF") ? yaml.substring(1) : yaml; // A byte order mark.
    var report = new Report();
    var environment = new Environment(env, MAX_SIZE);
    Node.Mapping root = YamlReader.read(text, name, environment, report);
    return new Binder(report, environment).bind(root);
  }

  private static TopologyException tooLarge(String name) {
    return unreadable(name, "it is larger than 1 MiB", "A topology needs a few hundred bytes");
  }

  private static TopologyException unreadable(String name, String complaint, String remedy) {
    return new TopologyException(
        List.of(new Problem(new Place(name, 0, 0), "", "", complaint, remedy)));
  }
}
