"""All that happens in the five weeks."""
import stories_classes
import stories_defense
import stories_rooms

STORIES = [*stories_classes.STORIES, *stories_defense.STORIES, *stories_rooms.STORIES]
