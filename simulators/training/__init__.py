"""Trains the face locator's network; nothing of it runs in a station.

Data recipe:

1. Recordings in CPTV files with an `index.json`. Frames come upright. Labels are the index's hand
   annotations where there are any, else those of a teacher, YuNet, which sees each frame as grey
   at twice its size: a score of 0.4 or more makes a face, 0.15 to 0.4 a region that is neither.
   Where the teacher finds a face in a neighbouring frame only, the region counts as neither too.
   In recordings in which the index says that nobody near faces the camera, a near face of the
   teacher's is a turned head.
   The teacher's boxes are brought to the annotations' convention (hairline to chin, cheek to cheek)
   by its median deviations from the annotations that are sure. Frames without a face (empty rooms,
   backs, hands, lamps, reference discs) are negatives, and so are recordings of animals, in many
   contrasts.
2. The twin with its truth: lanes in many rooms, sizes and camera offsets, with none to four people,
   with glasses, heads turned a little, half and wholly, backs of heads (negatives, if large enough
   to be told), hot cups, reference discs and blobs as warm as skin; and, one in three, halls in
   which 4 to 30 people cross each other. A face counts from 55 % in sight; from 15 % on its middle
   may be called a face or not; everywhere else between two faces there is none.
3. Both are augmented: size, place, mirror image, gain, offset, noise, covered chins, pasted discs.

`python -m simulators.training --recordings DIR --teacher YUNET.onnx --out FILE` needs PyTorch and
`onnx`, which a station does not. With `--start FILE` it goes on from a network trained before.
"""
