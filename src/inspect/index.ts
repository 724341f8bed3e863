/** What reads a heap: the survey of a memory, its report, images of it. */
export { saveImage } from "./image.ts";
export { memorySource } from "./reader.ts";
export { report } from "./report.ts";
export { type Survey, survey } from "./survey.ts";
